"""
Review rounds: a panel looks at one subject, each member declares interests, scores and votes once.

The rules (seats, presence, majority, mean score) are stored with the round when it opens, so that a
later change of the rules does not change a sitting under way. Nothing of a ballot or of the count
leaves this module before the round is closed. Source: domain §3.10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from workflow import audit, tallying
from workflow.models import Ballot, ReviewRound, ReviewSeat, SheetDraft
from workflow.tallying import PanelRules, Tally, Voice

REVIEW = "REVIEW"
REASON_CHARACTERS_MAX = 500


class PanelError(DomainError):
    """The panel cannot do this: not seated, recused, voted already, or the round is closed."""

    code = "panel_error"
    status = 409
    default_message = _("The panel cannot do this now.")


def open_round(
    subject: models.Model,
    *,
    members: Sequence[Any],
    chair: Any,
    rules: PanelRules,
    actor: Any,
    at: datetime,
    purpose: str = REVIEW,
    items: Sequence[str] = (),
    roles: Mapping[Any, str] | None = None,
    standing: Any = None,
) -> ReviewRound:
    """
    Seat a panel on a subject; the chair is one of the members.

    ``items`` are the parts voted on one by one. ``roles`` (primary key → role) names what others
    than the chair sit as. ``standing`` is a group of people who sit as well, as it changes.

    :raises PanelError: too few members for a quorum, a member twice, or a round is open already.
    """
    people = list(members)
    heads = {m.pk for m in people}
    if len(heads) != len(people):
        raise PanelError(_("A member can be seated once only."))
    if standing is not None:
        heads |= set(standing.user_set.filter(is_active=True).values_list("pk", flat=True))
    if len(heads) < rules.quorum_seats_min:
        raise PanelError(
            _("At least %(least)s different members are needed."), least=rules.quorum_seats_min
        )
    if chair.pk not in {m.pk for m in people}:
        raise PanelError(_("The chair must be one of the members."))
    earlier = of_subject(subject)
    if earlier.filter(concluded_at=None).exists():
        raise PanelError(_("A panel is sitting on this already."))
    subject_type, subject_id = audit.subject_key(subject)
    opened = ReviewRound.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        number=earlier.count() + 1,
        purpose=purpose,
        items=list(items),
        standing=standing,
        rules=rules.as_json(),
        opened_at=at,
    )
    for person in people:
        role = "CHAIR" if person.pk == chair.pk else (roles or {}).get(person.pk, "MEMBER")
        add_seat(opened, member=person, role=role)
    facts = {"round": opened.number, "rules": f"{rules.kind} v{rules.version}"}
    audit.record(subject, "open_round", actor=actor, at=at, facts=facts)
    return opened


def add_seat(opened: ReviewRound, *, member: Any, role: str = "MEMBER") -> ReviewSeat:
    """
    Add a seat to an open round.

    :raises PanelError: the person is seated already.
    """
    if opened.seats.filter(member=member).exists():
        raise PanelError(_("This person is seated already."))
    return ReviewSeat.objects.create(round=opened, member=member, role=role)


def hand_over_chair(opened: ReviewRound, *, member: Any) -> None:
    """
    Let another seated member preside; the chair so far keeps an ordinary seat.

    :raises PanelError: the member has no seat, is recused, or presides already.
    """
    seats = {seat.member_id: seat for seat in opened.seats.select_for_update(of=("self",))}
    new = seats.get(member.pk)
    if new is None or new.recused_at is not None or new.left_at is not None:
        raise PanelError(_("A seated member who is not recused presides."))
    if new.role == "CHAIR":
        raise PanelError(_("This person presides already."))
    for seat in seats.values():
        if seat.role == "CHAIR":
            seat.role = "MEMBER"
            seat.save()
    new.role = "CHAIR"
    new.save()


def declare_interest(
    subject: models.Model, *, member: Any, conflict: str, at: datetime, role: str = "MEMBER"
) -> ReviewSeat:
    """
    Declare that no interest stands in the way (empty ``conflict``), or recuse oneself.

    ``role`` is what a standing member sits as, whose seat is written now.

    :raises PanelError: no seat on the open round, or declared before.
    """
    seat = seat_of(subject, member, role=role)
    if seat.declared_at is not None or seat.recused_at is not None:
        raise PanelError(_("You have declared already."))
    if conflict:
        seat.recused_at, seat.recusal_reason = at, conflict[:REASON_CHARACTERS_MAX]
    seat.declared_at = at
    seat.save()
    audit.record(
        subject,
        "recuse" if conflict else "declare_no_interest",
        actor=member,
        at=at,
        facts={"reason": conflict} if conflict else {},
    )
    return seat


def settle_standing(
    opened: ReviewRound, *, barred: Mapping[Any, str], roles: Mapping[Any, str], at: datetime
) -> None:
    """
    Write the seats of everybody in the standing group, so that the count knows the whole panel.

    ``barred`` (primary key → reason) are recused of office: they lower the base, as a declared
    interest does.
    """
    if opened.standing is None:
        return
    seated = set(opened.seats.values_list("member_id", flat=True))
    for person in opened.standing.user_set.filter(is_active=True).exclude(pk__in=seated):
        reason = barred.get(person.pk, "")
        ReviewSeat.objects.create(
            round=opened,
            member=person,
            role=roles.get(person.pk, "MEMBER"),
            recused_at=at if reason else None,
            recusal_reason=reason[:REASON_CHARACTERS_MAX],
        )


def vacate(
    *, member: Any, at: datetime, standing: Any = None
) -> list[ReviewRound]:
    """
    Take a member out of every open round whose term has ended; what they voted there lapses.

    With ``standing`` only rounds of that roster. Closed rounds stay as they were counted.
    """
    seats = ReviewSeat.objects.filter(
        member=member, round__concluded_at=None, left_at=None
    ).select_related("round")
    if standing is not None:
        seats = seats.filter(models.Q(round__standing=standing) | models.Q(round__standing=None))
    # The rounds are the lock of their counts: a close under way is waited for, then left alone.
    ids = [seat.round_id for seat in seats]
    open_ = ReviewRound.objects.select_for_update().filter(pk__in=ids, concluded_at=None)
    rounds = list(open_.order_by("pk"))
    left = ReviewSeat.objects.filter(member=member, round__in=rounds, left_at=None)
    for seat in left.filter(ballot__isnull=False).select_related("ballot"):
        version = seat.drafts.count() + 1
        SheetDraft.objects.create(
            seat=seat, version=version, content=_sheet(seat.ballot), saved_at=at
        )
        seat.ballot.delete()
    left.update(left_at=at)
    return rounds


def take_back(*, member: Any, standing: Any) -> None:
    """Give a member who is on the roster again the seats left in rounds that are still open."""
    ReviewSeat.objects.filter(
        member=member, round__concluded_at=None, round__standing=standing
    ).update(left_at=None)


def tally(opened: ReviewRound) -> Tally:
    """Count a round by its own rules. For the close, and for nobody before it."""
    rules = PanelRules.from_json(opened.rules)
    seats = [
        s for s in opened.seats.select_related("ballot") if s.left_at is None
    ]
    voting = [s for s in seats if rules.weights[s.role]]
    voices = [
        Voice(s.role, s.ballot.vote, s.ballot.votes, s.ballot.scores)
        for s in seats
        if hasattr(s, "ballot")
    ]
    return tallying.count(
        rules,
        voices,
        seats=len(voting),
        recused=sum(s.recused_at is not None for s in voting),
        items=opened.items,
    )


def conclude(subject: models.Model, *, actor: Any, at: datetime) -> Tally:
    """
    Close the open round and freeze its count.

    :raises PanelError: no round is open, or the quorum is not reached.
    """
    opened = sitting(subject)
    result = tally(opened)
    if not result.quorate:
        raise PanelError(
            _(
                "The quorum is not reached: %(present)s have voted, %(needed)s are needed."
                " Wait for more votes, have a substitute seated, or adjourn."
            ),
            present=result.present,
            needed=result.needed,
        )
    opened.concluded_at, opened.conclusion = at, asdict(result)
    opened.save()
    audit.record(subject, "conclude_round", actor=actor, at=at, facts=asdict(result))
    return result


def adjourn(subject: models.Model, *, reason: str, actor: Any, at: datetime) -> ReviewRound:
    """
    End a sitting without a count; what was voted in it is never counted and never shown.

    :raises PanelError: no round is open.
    """
    opened = sitting(subject)
    opened.concluded_at, opened.conclusion = at, {"outcome": "ADJOURNED", "reason": reason}
    opened.save()
    facts = {"round": opened.number, "reason": reason}
    audit.record(subject, "adjourn_round", actor=actor, at=at, facts=facts)
    return opened


def sit_again(
    subject: models.Model, *, earlier: ReviewRound, actor: Any, at: datetime
) -> ReviewRound:
    """
    Open the second sitting of a panel: the same seats, declarations and rules, no ballots.

    A sheet cast in the first sitting becomes the draft of its author for the second.
    """
    again = ReviewRound.objects.create(
        subject_type=earlier.subject_type,
        subject_id=earlier.subject_id,
        number=of_subject(subject).count() + 1,
        purpose=earlier.purpose,
        items=earlier.items,
        standing=earlier.standing,
        rules=earlier.rules,
        opened_at=at,
    )
    for old in earlier.seats.filter(left_at=None).select_related("ballot"):
        seat = ReviewSeat.objects.create(
            round=again,
            member_id=old.member_id,
            role=old.role,
            declared_at=old.declared_at,
            recused_at=old.recused_at,
            recusal_reason=old.recusal_reason,
        )
        if hasattr(old, "ballot"):
            SheetDraft.objects.create(
                seat=seat, version=1, content=_sheet(old.ballot), saved_at=at
            )
    facts = {"round": again.number, "after": earlier.number}
    audit.record(subject, "open_round", actor=actor, at=at, facts=facts)
    return again


def of_subject(
    subject: models.Model, *, purpose: str | None = None
) -> models.QuerySet[ReviewRound]:
    """Return the rounds of a subject, of one purpose if asked."""
    subject_type, subject_id = audit.subject_key(subject)
    rows = ReviewRound.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return rows if purpose is None else rows.filter(purpose=purpose)


def current(subject: models.Model, *, lock: bool = False) -> ReviewRound | None:
    """Return the open round of a subject, locked on demand, or None."""
    rows = of_subject(subject).filter(concluded_at=None)
    return (rows.select_for_update() if lock else rows).first()


def sitting(subject: models.Model) -> ReviewRound:
    """
    Return the open round of a subject, locked.

    :raises PanelError: no round is open.
    """
    opened = current(subject, lock=True)
    if opened is None:
        raise PanelError(_("No panel is sitting on this."))
    return opened


def latest(subject: models.Model, *, purpose: str | None = None) -> ReviewRound | None:
    """Return the last round of a subject with its seats and ballots, open or closed."""
    rows = of_subject(subject, purpose=purpose)
    return rows.prefetch_related("seats__member", "seats__ballot").order_by("-number").first()


def seat_of(subject: models.Model, member: Any, *, role: str = "MEMBER") -> ReviewSeat:
    """
    Return the seat of a person on the open round, locked with it; a standing member gets one.

    :raises PanelError: no round is open, or the person has no place on it.
    """
    opened = current(subject, lock=True)
    if opened is None:
        raise PanelError(_("You have no seat on this panel."))
    seat = opened.seats.select_for_update(of=("self",)).filter(member=member).first()
    if seat is None and _stands(opened, member):
        seat = ReviewSeat.objects.create(round=opened, member=member, role=role)
    if seat is None or seat.left_at is not None:
        raise PanelError(_("You have no seat on this panel."))
    return seat


def sat_before(subject: models.Model, *, purpose: str) -> frozenset[Any]:
    """Return who had a seat on a round of this purpose, recused or not."""
    seats = ReviewSeat.objects.filter(round__in=of_subject(subject, purpose=purpose))
    return frozenset(seats.values_list("member_id", flat=True))


def standing_members(opened: ReviewRound) -> Iterable[Any]:
    """Return the members of the standing group who have no seat of their own yet."""
    if opened.standing_id is None:
        return ()
    seated = opened.seats.values("member_id")
    people = get_user_model()._default_manager.filter(groups=opened.standing_id, is_active=True)
    return people.exclude(pk__in=seated).order_by("pk")


def _stands(opened: ReviewRound, member: Any) -> bool:
    group = opened.standing
    return group is not None and group.user_set.filter(pk=member.pk, is_active=True).exists()


def _sheet(ballot: Ballot) -> dict[str, Any]:
    return {
        "vote": ballot.vote,
        "votes": ballot.votes,
        "scores": ballot.scores,
        "reason": ballot.reason,
        "criterion_reasons": ballot.criterion_reasons,
        "dissent": ballot.dissent,
    }
