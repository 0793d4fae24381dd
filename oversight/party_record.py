"""What oversight adds to the record of a company: violations decided and measures that stand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from oversight.models import Measure
from oversight.queries.records import records_of
from parties.records import RecordLine, Section


def violations_section(*, organization_id: UUID, at: datetime) -> Section:
    """Return the decided violations of a company up to ``at``, its standing measures beside."""
    day = clock.local_date(at)
    rows = [row for row in records_of(organization_id) if row.decided_on <= day]
    standing = Measure.objects.filter(
        case__party=organization_id, ended_at=None, ordered_at__lte=at
    ).count()
    lines = tuple(
        RecordLine(
            on=row.decided_on,
            text=f"{row.code} {row.code_name} · {row.measure_name}",
            note=row.decision_number + (" · " + _("Record repaired") if row.repaired else ""),
            tone="yellow" if row.repaired else "red",
        )
        for row in rows
    )
    if standing:
        told = _("Measures that stand: %(count)d") % {"count": standing}
        lines = (RecordLine(on=None, text=told, tone="red"), *lines)
    return Section("violations", gettext_lazy("Violations and measures"), len(rows), lines)
