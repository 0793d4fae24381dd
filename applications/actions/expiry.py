"""Drafts nobody works on any more: the company is warned once, and later they are erased."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from applications import topics
from applications.actions.deletion import erase_draft, is_untouched_by_office
from applications.models import Application, DraftRule, DraftWarning
from applications.queries.idle import draft_rule_in_force, end_of_draft
from applications.states import ApplicationState
from core import clock
from core.errors import DomainError
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, rows

logger = logging.getLogger(__name__)
SWEEP_ROWS = 500


def expire_drafts(*, at: datetime) -> tuple[int, int]:
    """
    Warn of drafts that have been idle, erase those whose warning is old enough.

    A draft is erased a full warning period after its warning at the earliest, however many days
    this did not run. Each draft is a transaction of its own. Returns (warned, erased); without a
    rule in force nothing happens, and that is logged.
    """
    rule = draft_rule_in_force(on=clock.local_date(at))
    if rule is None:
        logger.warning("draft_rule_missing")
        return 0, 0
    system = parties.system_actor()
    erased = sum(_try(_erase, pk, rule, system, at) for pk in _ripe(rule, at))
    warned = sum(_try(_warn, pk, rule, system, at) for pk in _quiet(rule, at))
    return warned, erased


def _quiet(rule: DraftRule, at: datetime) -> list[UUID]:
    """Return drafts to be warned of: idle long enough, and not warned of since."""
    before = at - timedelta(days=rule.idle_days_max - rule.warning_days)
    drafts = Application.objects.filter(
        state=ApplicationState.DRAFT, number=None, updated_at__lte=before
    ).exclude(idle_warnings__idle_since=F("updated_at"))
    return list(drafts.order_by("updated_at", "id").values_list("pk", flat=True)[:SWEEP_ROWS])


def _ripe(rule: DraftRule, at: datetime) -> list[UUID]:
    """Return drafts to be erased: idle to the end, and warned of a full period before."""
    drafts = Application.objects.filter(
        state=ApplicationState.DRAFT,
        number=None,
        updated_at__lte=at - timedelta(days=rule.idle_days_max),
        idle_warnings__idle_since=F("updated_at"),
        idle_warnings__warned_at__lte=at - timedelta(days=rule.warning_days),
    )
    return list(drafts.order_by("updated_at", "id").values_list("pk", flat=True)[:SWEEP_ROWS])


def _try(step: Any, pk: UUID, rule: DraftRule, system: Any, at: datetime) -> bool:
    try:
        with transaction.atomic():
            draft = rows.lock(Application, pk)
            # Somebody may have written on it, or handed it in, since it was found.
            if draft is None or not is_untouched_by_office(draft):
                return False
            return bool(step(draft, rule, system, at))
    except DomainError:
        # One draft that cannot be treated must not keep the others back.
        logger.exception("draft_expiry_failed", extra={"application": str(pk)})
        return False


def _warn(draft: Application, rule: DraftRule, system: Any, at: datetime) -> bool:
    if draft.updated_at > at - timedelta(days=rule.idle_days_max - rule.warning_days):
        return False
    warning, new = DraftWarning.objects.get_or_create(
        application=draft, idle_since=draft.updated_at, defaults={"warned_at": at}
    )
    if not new:
        return False
    day, name = end_of_draft(draft, rule=rule, warning=warning), draft.scenario_name or "未命名"
    audit.record(
        draft, "warn_idle_draft", actor=system, at=at,
        facts={"idle_since": draft.updated_at.isoformat(), "rule": rule.version},
    )  # fmt: skip
    notify.tell_desk(
        organization=draft.applicant,
        role=Role.APPLICANT_AGENT,
        topic=topics.CORRECTION,
        subject=f"草稿“{name}”将于{day.year}年{day.month}月{day.day}日删除",
        body=f"该草稿已久未编辑。此日之前继续填写或者提交即予保留。依据：{rule.legal_basis}。",
        link=reverse("portal:application_tasks", args=[draft.pk]),
        key=f"draft.{draft.pk}.idle.{warning.pk}",
        at=at,
    )
    return True


def _erase(draft: Application, rule: DraftRule, system: Any, at: datetime) -> bool:
    warned = draft.idle_warnings.filter(  # type: ignore[attr-defined]
        idle_since=draft.updated_at, warned_at__lte=at - timedelta(days=rule.warning_days)
    )
    if draft.updated_at > at - timedelta(days=rule.idle_days_max) or not warned.exists():
        return False
    logger.info("draft_expired", extra={"application": str(draft.pk)})
    erase_draft(draft, actor=system, at=at)
    return True
