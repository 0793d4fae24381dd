"""
An agreement that comes to its end: who is reminded when, once each.

Source: domain T16, §3.4; docs/sources.md#expiry-reminders.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from applications.queries.grants import renewal_window
from contracts.actions import messages
from contracts.actions.access import lock_agreement
from contracts.errors import ExpiryRuleInvalid
from contracts.models import Agreement, ExpiryReminder, ExpiryRule
from core import clock
from core.errors import DomainError
from parties.queries import system_actor
from workflow import audit, transitions

logger = logging.getLogger(__name__)

DAYS_BEFORE_MAX = 400
REMINDERS_MAX = 6


def install_rule(
    *, days_before: Iterable[int], legal_basis: str, effective_on: date
) -> ExpiryRule:
    """Install the first version of the rule; repeatable."""
    rule, _created = ExpiryRule.objects.get_or_create(
        version=1,
        defaults={
            "days_before": list(days_before),
            "legal_basis": legal_basis,
            "effective_on": effective_on,
        },
    )
    return rule


@transitions.action
def add_expiry_rule(
    *, days_before: Iterable[int], legal_basis: str, effective_on: date, at: datetime
) -> ExpiryRule:
    """
    Add the next version of the days on which parties are reminded.

    :raises ExpiryRuleInvalid: days that are no days, no basis, or a day before the last version's.
    """
    days = sorted(set(days_before), reverse=True)
    last = ExpiryRule.objects.select_for_update().order_by("-version").first()
    fits = len(days) <= REMINDERS_MAX and all(0 < n <= DAYS_BEFORE_MAX for n in days)
    if not fits or not legal_basis.strip() or (last and effective_on < last.effective_on):
        raise ExpiryRuleInvalid
    return ExpiryRule.objects.create(
        version=last.version + 1 if last else 1,
        effective_on=effective_on,
        days_before=days,
        legal_basis=legal_basis.strip(),
    )


def remind_expiring(*, at: datetime) -> int:
    """
    Remind the parties of every agreement whose end comes near; return how many were reminded.

    Each reminder of an end is told once. When runs were missed, the latest reminder is told, and
    those it makes superfluous are noted with it. Each agreement is one transaction of its own.
    """
    today = clock.local_date(at)
    rule = ExpiryRule.objects.filter(effective_on__lte=today).order_by("-version").first()
    if rule is None or not rule.days_before:
        return 0
    horizon = today + timedelta(days=max(rule.days_before))
    near = Agreement.objects.filter(
        state=Agreement.State.EFFECTIVE, valid_to__gte=today, valid_to__lte=horizon
    ).order_by("valid_to", "id")
    told = 0
    for agreement_id in near.values_list("id", flat=True).iterator():
        try:
            told += _remind(agreement_id=agreement_id, rule=rule, at=at)
        except DomainError:
            logger.exception("expiry_reminder_failed", extra={"agreement": str(agreement_id)})
    return told


@transitions.action
def _remind(*, agreement_id: UUID, rule: ExpiryRule, at: datetime) -> bool:
    agreement = lock_agreement(agreement_id=agreement_id, actor=system_actor())
    today, last = clock.local_date(at), agreement.valid_to
    if agreement.state != Agreement.State.EFFECTIVE or last is None or last < today:
        return False
    noted = set(
        agreement.expiry_reminders.filter(valid_to=last).values_list("days_before", flat=True)
    )
    due = [n for n in rule.days_before if (last - today).days <= n and n not in noted]
    if not due:
        return False
    now = min(due)
    # One that was told already is not said again because a rule added an earlier day.
    news = not noted or now < min(noted)
    ExpiryReminder.objects.bulk_create(
        ExpiryReminder(
            agreement=agreement,
            valid_to=last,
            days_before=n,
            rule=rule,
            told=news and n == now,
            late_days=n - (last - today).days,
            reminded_at=at,
        )
        for n in due
    )
    if news:
        window = renewal_window(agreement.application, at=at)
        messages.tell_expiring(agreement, days=(last - today).days, window=window, at=at)
        facts: dict[str, Any] = {"days_before": now, "valid_to": last.isoformat()}
        audit.record(agreement, "remind_expiry", actor=system_actor(), at=at, facts=facts)
    return news


