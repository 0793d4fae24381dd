"""
The minutes of a panel: drafted at the close, signed by the secretary and by who presided.

Both sign the same hash; with the second signature the conclusion takes effect. Source: domain T08.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications import documents, panel
from applications.actions import papers
from applications.actions.access import ask
from applications.actions.seats import lock_for_panel, verb_of
from applications.errors import SignedAnotherText
from applications.models import AgendaItem, Application, Meeting, Minutes, MinutesSignature
from core import hashing
from core.errors import NotAllowedNow
from parties import queries as parties
from parties.roles import Role
from workflow import deadlines, rounds, transitions
from workflow.models import ReviewSeat
from workflow.rounds import PanelError
from workflow.tallying import PanelRules, Tally

VOTE_WORDS = {"FOR": "同意", "AGAINST": "不同意", "ABSTAIN": "弃权"}
DUTY_WORDS = {"CHAIR": "主任委员", "VICE": "副主任委员", "MEMBER": "委员", "EXPERT": "专家"}
TIE_WORDS = {
    "REJECT": "赞成与反对票数相等的，视为未通过",
    "CHAIR_DECIDES": "赞成与反对票数相等的，以主持人所投票为准",
    "REVOTE": "赞成与反对票数相等的，另行开会重新表决",
}
FAILURE_WORDS = {
    "majority": "同意票未达到通过比例",
    "tie": "赞成与反对票数相等",
    "mean": "平均分未达到规定分数",
    "veto": "安全保障评分低于否决线",
}
PLACE = "线上评审"
Capacity = MinutesSignature.Capacity


def draft(
    application: Application,
    *,
    purpose: str,
    tally: Tally,
    conditions: list[str],
    at: datetime,
) -> Minutes:
    """Draft the minutes of the round just closed; what is signed is this very file."""
    closed = rounds.latest(application, purpose=purpose)
    assert closed is not None
    number = papers.number_for("MINUTES", at=at)
    minutes = Minutes(
        application=application,
        round=closed,
        purpose=purpose,
        number=number,
        conclusion={**asdict(tally), "minutes_number": number, "conditions": conditions},
        conditions=conditions,
        drafted_at=at,
    )
    minutes.draft = documents.render_minutes(_facts(application, minutes))
    minutes.content_hash = hashing.digest(minutes.draft)
    minutes.save()
    return minutes


@transitions.action
def sign_minutes(
    *, application_id: UUID, content_hash: str, actor: Any, at: datetime
) -> Application:
    """
    Sign the drafted minutes: first the secretary, then who presided, which ends the review.

    ``content_hash`` is that of the draft as the signer read it.

    :raises PanelError: signed already in this capacity, the secretary has not signed yet, or one
        person would sign twice.
    :raises SignedAnotherText: the hash is not that of the draft.
    :raises Forbidden: the actor is neither.
    """
    application = lock_for_panel(application_id, actor)
    verb = verb_of(application, "sign")
    ask(application, verb, actor=actor, at=at)
    minutes = unsigned(application)
    capacity = _capacity(minutes, actor)
    _ask_signature(minutes, capacity, actor)
    if content_hash != minutes.content_hash:
        raise SignedAnotherText
    transitions.perform(
        application, verb, actor=actor, at=at, capacity=capacity, content_hash=content_hash
    )
    MinutesSignature.objects.create(
        minutes=minutes,
        capacity=capacity,
        signer=actor,
        content_hash=content_hash,
        signed_at=at,
    )
    if capacity == Capacity.CHAIR:
        _conclude(application, minutes, actor=actor, at=at)
    return application


@transitions.action
def conclude_committee(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """
    Sign the minutes as they stand as the one who presided, which ends the review.

    :raises PanelError: the secretary has not signed yet.
    :raises NotAllowedNow: no minutes wait for a signature.
    :raises Forbidden: the actor did not preside.
    Source: domain T08.
    """
    application = lock_for_panel(application_id, actor)
    ask(application, verb_of(application, "conclude"), actor=actor, at=at)
    minutes = unsigned(application)
    return sign_minutes(
        application_id=application_id, content_hash=minutes.content_hash, actor=actor, at=at
    )


def unsigned(application: Application) -> Minutes:
    """
    Return the minutes of a case that wait for signatures.

    :raises NotAllowedNow: there are none.
    """
    rows = Minutes.objects.filter(application=application, concluded_at=None)
    found = rows.select_for_update(of=("self",)).order_by("-id").first()
    if found is None:
        raise NotAllowedNow(_("No minutes wait for a signature. The panel is closed first."))
    return found


def _capacity(minutes: Minutes, actor: Any) -> str:
    if minutes.round.seats.filter(member=actor, role="CHAIR").exists():
        return Capacity.CHAIR
    desks = parties.desks_of(actor)
    committee_id = minutes.application.committee_id
    if any((d.organization_id, d.role) == (committee_id, Role.COMMITTEE_SECRETARY) for d in desks):
        return Capacity.SECRETARY
    raise PanelError(_("The secretary signs, and the member who presided."))


def _ask_signature(minutes: Minutes, capacity: str, actor: Any) -> None:
    there = {s.capacity: s.signer_id for s in minutes.signatures.all()}
    if capacity in there or actor.pk in there.values():
        raise PanelError(_("These minutes are signed by you, or in your place, already."))
    if capacity == Capacity.CHAIR and Capacity.SECRETARY not in there:
        raise PanelError(_("The secretary signs the minutes first."))


def _conclude(application: Application, minutes: Minutes, *, actor: Any, at: datetime) -> None:
    verb = verb_of(application, "conclude")
    minutes.concluded_at = at
    minutes.save()
    transitions.perform(application, verb, actor=actor, at=at, conclusion=minutes.conclusion)
    if minutes.purpose == panel.REVIEW:
        deadlines.close(application, "committee", at=at)
    content = documents.render_minutes(_facts(application, minutes))
    papers.store(application, kind="MINUTES", number=minutes.number, content=content, at=at)


def _facts(application: Application, minutes: Minutes) -> documents.MinutesFacts:
    found, rules = minutes.conclusion, PanelRules.from_json(minutes.round.rules)
    seats = list(minutes.round.seats.filter(left_at=None).select_related("member", "ballot"))
    chair = next(s.member for s in seats if s.role == "CHAIR")
    signed = list(minutes.signatures.select_related("signer")) if minutes.pk else []
    held = _meeting(application)
    return documents.MinutesFacts(
        number=minutes.number,
        authority=application.committee.name,
        case=papers.case_facts(application),
        held_at=held.planned_at if held else minutes.round.opened_at,
        place=held.place if held else PLACE,
        chair=chair.full_name,
        secretary=_secretary(application, signed),
        quorum_rule=f"出席委员不少于 {rules.quorum_seats_min} 人，且不少于应到委员（回避者除外）的"
        f"{_share(rules.presence_ratio)}",
        pass_rule=f"同意票不少于表决票的{_share(rules.pass_ratio)}，且平均分不低于 "
        f"{Decimal(rules.mean_score_min).normalize():f} 分；{TIE_WORDS[rules.tie_rule]}"
        f"{'' if rules.abstentions_count else '；弃权票不计入表决票'}",
        members=tuple(_vote_line(application, seat, rules) for seat in seats),
        passed=bool(found["passed"]),
        conclusion=_conclusion(minutes),
        conditions=tuple(minutes.conditions),
        items=_items(application, found),
        objection=minutes.purpose == panel.OBJECTION,
        rule=f"{rules.legal_basis}（第 {rules.version} 版）",
        signatures=tuple(
            documents.SignatureLine(
                capacity="记录人" if s.capacity == Capacity.SECRETARY else "主持人",
                name=s.signer.full_name,
                signed_at=s.signed_at,
            )
            for s in signed
        ),
        text_hash=minutes.content_hash if signed else "",
        issued_at=minutes.concluded_at or minutes.drafted_at,
        demo_seal=settings.DEMO,
        watermark=papers.DEMO_WATERMARK if settings.DEMO else "",
    )


def _secretary(application: Application, signed: list[MinutesSignature]) -> str:
    for signature in signed:
        if signature.capacity == Capacity.SECRETARY:
            return signature.signer.full_name
    there = parties.people_at(application.committee, Role.COMMITTEE_SECRETARY)
    return there[0].full_name if there else ""


def _meeting(application: Application) -> Meeting | None:
    states = (Meeting.State.CALLED, Meeting.State.HELD)
    rows = AgendaItem.objects.filter(application=application, meeting__state__in=states)
    item = rows.select_related("meeting").order_by("-meeting__planned_at").first()
    return item.meeting if item else None


def _share(ratio: str) -> str:
    numbers = "零一二三四五六七八九十"
    over, _slash, under = ratio.partition("/")
    if not under or int(under) > 10 or int(over) > 10:
        return f" {ratio}"
    return f"{numbers[int(under)]}分之{numbers[int(over)]}"


def _conclusion(minutes: Minutes) -> str:
    passed, found = bool(minutes.conclusion["passed"]), minutes.conclusion
    why = "、".join(FAILURE_WORDS[name] for name in found["failures"] if name in FAILURE_WORDS)
    because = f"（{why}）" if why and not passed else ""
    if minutes.purpose == panel.OBJECTION:
        word = "成立" if passed else "不成立"
        return f"复核评审组认为异议{word}{because}，提请另行指定的审批人作出答复。"
    word = "同意" if passed else "不同意"
    return f"审查委员会{word}本申请{because}，提请数据主管部门作出决定。"


def _items(
    application: Application, found: dict[str, Any]
) -> tuple[documents.ItemResult, ...]:
    titles = dict(application.items.values_list("dataset__code", "dataset__title"))
    return tuple(
        documents.ItemResult(
            code=code,
            name=titles.get(code, ""),
            votes_for=row["for"],
            votes_against=row["against"],
            votes_abstain=row["abstain"],
            passed=row["passed"],
        )
        for code, row in found["items"].items()
    )


def _vote_line(
    application: Application, seat: ReviewSeat, rules: PanelRules
) -> documents.MemberVote:
    ballot = getattr(seat, "ballot", None)
    # Experts and members from elsewhere are named by the desk they came from.
    desks = [
        d for d in parties.desks_of(seat.member) if d.organization_id != application.committee_id
    ]
    return documents.MemberVote(
        name=seat.member.full_name,
        organization=desks[0].organization_name if desks else application.committee.name,
        duty=DUTY_WORDS[seat.role],
        present=ballot is not None,
        recusal_reason=seat.recusal_reason,
        vote=VOTE_WORDS[ballot.vote] if ballot else "",
        score=Decimal(ballot.total) if ballot else None,
        reason=ballot.reason if ballot else "",
        dissent=ballot.dissent if ballot else "",
        votes=tuple(
            (code, VOTE_WORDS[vote]) for code, vote in ballot.votes.items() if vote != ballot.vote
        )
        if ballot
        else (),
        scores=tuple(
            (rules.titles.get(key, key), points, ballot.criterion_reasons.get(key, ""))
            for key, points in ((k, ballot.scores[k]) for k in rules.criteria)
        )
        if ballot
        else (),
    )
