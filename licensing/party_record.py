"""What licensing adds to the record of a company: the licenses it holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from licensing.queries.register import license_lines
from parties.records import RecordLine, Section


def licenses_section(*, organization_id: UUID, at: datetime) -> Section:
    """Return the licenses of a company that are open at ``at``, as reviewers read them."""
    held = license_lines(organization_id=organization_id, at=at)
    lines = tuple(RecordLine(on=None, text=text, tone="green") for text in held)
    return Section("licenses", _("Open licenses"), len(held), lines)
