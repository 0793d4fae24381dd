"""Keeping every text an agreement has had: one row a text, in the commit that makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.models import Agreement, ChangeProposal, TextVersion


def record_version(
    agreement: Agreement,
    *,
    cause: str,
    actor: Any,
    at: datetime,
    proposal: ChangeProposal | None = None,
    reason: str = "",
) -> TextVersion:
    """
    Keep the present text of a locked agreement under its number.

    ``cause`` is one of ``TextVersion.Cause``; ``reason`` is read by the parties.
    """
    return TextVersion.objects.create(
        agreement=agreement,
        number=agreement.text_version,
        terms=agreement.terms,
        facts=agreement.facts,
        text_hash=agreement.text_hash,
        cause=cause,
        proposal=proposal,
        reason=reason,
        made_by=actor,
        made_at=at,
    )
