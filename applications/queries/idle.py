"""When an idle draft comes to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from applications.models import Application, DraftRule, DraftWarning
from applications.states import ApplicationState
from core import clock


@dataclass(frozen=True, slots=True)
class DraftEnd:
    """The day on which a draft is erased unless somebody writes on it; ``near`` once warned of."""

    on: date
    near: bool
    legal_basis: str


def draft_rule_in_force(*, on: date) -> DraftRule | None:
    """Return the version of the rule in force on a day."""
    return DraftRule.objects.filter(effective_on__lte=on).order_by("-version").first()


def end_of_draft(
    draft: Application, *, rule: DraftRule, warning: DraftWarning | None = None
) -> date:
    """Return the first day on which a draft may be erased."""
    ends = draft.updated_at + timedelta(days=rule.idle_days_max)
    if warning is not None:
        ends = max(ends, warning.warned_at + timedelta(days=rule.warning_days))
    return clock.local_date(ends)


def draft_end(draft: Application, *, at: datetime) -> DraftEnd | None:
    """Return when a draft comes to its end; None when it does not, or no rule is in force."""
    if draft.state != ApplicationState.DRAFT or draft.number is not None:
        return None
    rule = draft_rule_in_force(on=clock.local_date(at))
    if rule is None:
        return None
    warning = DraftWarning.objects.filter(application=draft, idle_since=draft.updated_at).first()
    return DraftEnd(
        on=end_of_draft(draft, rule=rule, warning=warning),
        near=warning is not None,
        legal_basis=rule.legal_basis,
    )
