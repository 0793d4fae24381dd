"""The decision dataset by dataset: what it says, and what the decider looks at before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from applications.models import Application, Decision, DecisionItem
from applications.queries.access import visible_application
from applications.queries.items import items_of
from applications.states import ApplicationState as S
from core.errors import NotFound
from workflow import policy

TONES = {"APPROVED": "green", "APPROVED_WITH_CONDITIONS": "green", "REJECTED": "red"}


@dataclass(frozen=True, slots=True)
class DecisionItemRow:
    """What one version of a decision says of one dataset."""

    code: str
    title: str
    result: str
    result_name: str
    tone: str
    reasons: str
    conditions: tuple[str, ...]
    departure_reason: str


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """
    One dataset as the decider sees it before the decision.

    ``passed`` is what the committee concluded on it, None where no committee sat; ``open`` says
    whether the providers left anything of it.
    """

    code: str
    title: str
    provider_name: str
    level_name: str
    passed: bool | None
    votes: str
    allowed: int
    transformed: int
    denied: int
    open: bool


def state_name_of(case: Application) -> str:
    """Return the state as people read it; a partial approval is called so."""
    if case.partly_approved and case.state == S.APPROVED_WITH_CONDITIONS:
        return _("Partly approved")
    return str(case.get_state_display())  # type: ignore[attr-defined]


def result_name_of(decision: Decision) -> str:
    """Return the result of a decision in words."""
    return _("Partly approved") if decision.partial else str(decision.get_result_display())


def items_of_decision(decision: Decision) -> tuple[DecisionItemRow, ...]:
    """Return the rows of a decision by dataset; its caller has prefetched them."""
    rows: list[DecisionItem] = sorted(decision.items.all(), key=lambda row: row.dataset.code)
    return tuple(
        DecisionItemRow(
            code=row.dataset.code,
            title=row.dataset.title,
            result=row.result,
            result_name=str(row.get_result_display()),
            tone=TONES[row.result],
            reasons="" if row.reasons == decision.reasons else row.reasons,
            conditions=tuple(row.conditions),
            departure_reason=row.departure_reason,
        )
        for row in rows
    )


def deciding_rows(*, application_id: UUID, actor: Any) -> tuple[DecidingRow, ...]:
    """
    Return the datasets of a case with what providers and committee said of each.

    :raises NotFound: there is no such case for this actor, or deciding is not the actor's business.
    """
    case = visible_application(application_id=application_id, actor=actor)
    rights = ("applications.decide_application", "applications.answer_objection")
    if not any(policy.holds(actor, right, case) for right in rights):
        raise NotFound
    return tuple(_deciding(item, case.committee_conclusion) for item in items_of(case))


def _deciding(item: Any, conclusion: dict[str, Any] | None) -> DecidingRow:
    own = ((conclusion or {}).get("items") or {}).get(item.code) or {}
    given = [field.decision for field in item.fields]
    counts = [own.get(key) for key in ("for", "against", "abstain")]
    return DecidingRow(
        code=item.code,
        title=item.title,
        provider_name=item.provider_name,
        level_name=item.level_name,
        passed=None if conclusion is None else bool(own.get("passed", conclusion.get("passed"))),
        votes="" if None in counts else " : ".join(str(count) for count in counts),
        allowed=given.count("ALLOW"),
        transformed=given.count("TRANSFORM"),
        denied=given.count("DENY") + given.count(""),
        open=bool(given.count("ALLOW") + given.count("TRANSFORM")),
    )
