"""Score sheets and ballots: a draft at will, a ballot once, sealed until the round is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from workflow import audit, rounds
from workflow.models import Ballot, ReviewSeat, SheetDraft
from workflow.rounds import PanelError
from workflow.tallying import PanelRules

# A sheet is saved by hand or every few seconds by the page; older versions give way.
DRAFT_VERSIONS_MAX = 200
TEXT_CHARACTERS_MAX = 4_000


def save_draft(
    subject: models.Model, *, member: Any, content: Mapping[str, Any], at: datetime
) -> SheetDraft:
    """
    Keep an unfinished sheet as its next version; the same content again changes nothing.

    Anything is kept, also what could not be cast. Only the member ever sees it.

    :raises PanelError: no seat, not declared, recused, or voted already.
    """
    seat = _open_seat(subject, member)
    last = seat.drafts.order_by("-version").first()
    kept = _cut(content)
    if last is not None and (last.content == kept or last.version >= DRAFT_VERSIONS_MAX):
        if last.content != kept:
            last.content, last.saved_at = kept, at
            last.save()
        return last
    version = last.version + 1 if last else 1
    return SheetDraft.objects.create(seat=seat, version=version, content=kept, saved_at=at)


def drafts_of(subject: models.Model, *, member: Any) -> tuple[SheetDraft, ...]:
    """Return the member's own sheet of the last round in all its versions, the newest first."""
    opened = rounds.of_subject(subject).order_by("-number").first()
    rows = SheetDraft.objects.filter(seat__round=opened, seat__member=member)
    return tuple(rows.order_by("-version")[:DRAFT_VERSIONS_MAX]) if opened else ()


def cast(
    subject: models.Model,
    *,
    member: Any,
    vote: str,
    scores: Mapping[str, int],
    reason: str,
    at: datetime,
    votes: Mapping[str, str] | None = None,
    criterion_reasons: Mapping[str, str] | None = None,
    dissent: str = "",
) -> Ballot:
    """
    Cast one ballot with its scores and its written reasons.

    ``scores`` are whole points per criterion of the round's rules. ``votes`` names items on which
    the vote differs from ``vote``. ``criterion_reasons`` are needed where few points are given.

    :raises PanelError: no seat, not declared, recused, voted already, scores out of range.
    :raises InvalidInput: a written reason is missing; ``fields`` names where.
    """
    seat = _open_seat(subject, member)
    rules = PanelRules.from_json(seat.round.rules)
    if set(scores) != set(rules.criteria) or any(
        not _whole(scores[name], most) for name, most in rules.criteria.items()
    ):
        raise PanelError(_("Score every criterion within its limits."))
    by_item = _votes_by_item(seat, vote, votes or {})
    texts = {name: text.strip() for name, text in (criterion_reasons or {}).items()}
    _ask_reasons(rules, scores, reason, texts)
    ballot = Ballot.objects.create(
        seat=seat,
        vote=_summary(vote, by_item),
        votes=by_item,
        scores=dict(scores),
        total=sum(scores.values()),
        reason=reason.strip(),
        criterion_reasons={name: text for name, text in texts.items() if text},
        dissent=dissent.strip(),
        cast_at=at,
    )
    # The record shows that somebody voted; what they voted stays hidden until the round closes.
    audit.record(subject, "cast_ballot", actor=member, at=at, facts={"round": seat.round.number})
    return ballot


def _open_seat(subject: models.Model, member: Any) -> ReviewSeat:
    seat = rounds.seat_of(subject, member)
    if seat.recused_at is not None:
        raise PanelError(_("You are recused from this case."))
    if seat.declared_at is None:
        raise PanelError(_("Declare your interests first."))
    if Ballot.objects.filter(seat=seat).exists():
        raise PanelError(_("You have voted already."))
    return seat


def _votes_by_item(seat: ReviewSeat, vote: str, votes: Mapping[str, str]) -> dict[str, str]:
    items = seat.round.items
    cast_ = {code: votes.get(code, vote) for code in items}
    if set(votes) - set(items) or any(v not in Ballot.Vote.values for v in [vote, *votes.values()]):
        raise PanelError(_("Vote in favor, against, or abstain, on the parts before the panel."))
    return cast_


def _summary(vote: str, by_item: Mapping[str, str]) -> str:
    found = set(by_item.values()) or {vote}
    return next(v for v in ("FOR", "AGAINST", "ABSTAIN") if v in found)


def _ask_reasons(
    rules: PanelRules, scores: Mapping[str, int], reason: str, texts: Mapping[str, str]
) -> None:
    missing: dict[str, str | Promise] = {
        f"reason_{name}": _("Few points need a written reason.")
        for name, below in rules.reason_below.items()
        if scores[name] < below and not texts.get(name)
    }
    if not reason.strip():
        missing["reason"] = _("A vote needs a written reason.")
    if missing:
        raise InvalidInput(fields=missing)


def _whole(points: Any, most: int) -> bool:
    return isinstance(points, int) and not isinstance(points, bool) and 0 <= points <= most


def _cut(content: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = audit.plain(dict(content))
    return {
        name: value[:TEXT_CHARACTERS_MAX] if isinstance(value, str) else value
        for name, value in plain.items()
    }
