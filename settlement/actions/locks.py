"""
Locks of settlement, and the question of authority before any work is done.

Order: agreement, statement, then the accounts of the ledger.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from contracts.models import Agreement
from core.errors import NotFound
from settlement.models import Statement
from workflow import policy, transitions


def lock_agreement(agreement_id: UUID) -> Agreement:
    """
    Return an agreement, locked, so that one statement at a time is drawn up for it.

    :raises NotFound: there is no such agreement.
    """
    found: Agreement | None = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("applicant", "authority", "application__platform")
        .filter(id=agreement_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def lock_statement(statement_id: UUID, *, actor: Any) -> Statement:
    """
    Return a statement, locked.

    :raises NotFound: there is no such statement, or the actor may not see it.
    """
    found: Statement | None = (
        Statement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "licensee", "exchange", "split_policy", "fee_schedule")
        .filter(id=statement_id)
        .first()
    )
    if found is None or not policy.holds(actor, "settlement.see_statement", found):
        raise NotFound
    return found


def ask(subject: models.Model, name: str, *, actor: Any, at: datetime, **facts: Any) -> None:
    """
    Ask authority and legality of a step before its guards are looked at.

    ``perform`` itself refuses, before it touches anything, so that the attempt is on record.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    step = transitions.declared(type(subject), name)
    state = str(getattr(subject, "state", ""))
    if state not in step.sources or not policy.may(actor, step.permission, subject):
        transitions.perform(subject, name, actor=actor, at=at, **facts)
