"""What a license's standing means to somebody who holds the paper, and what is public of it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing import queries
from portal.templatetags.datadeed import cn_date

# State → tone, icon, verdict, advice.
STANDINGS: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "ACTIVE": (
        "green",
        "circle-check",
        _("This license is valid now"),
        _("The holder may use the data within the scope below."),
    ),
    "ISSUED": (
        "yellow",
        "player-pause",
        _("This license is not in force yet"),
        _("The data may not be used until it is in force."),
    ),
    "SUSPENDED": (
        "yellow",
        "player-pause",
        _("This license is suspended at the moment"),
        _("The data may not be used until it is in force again."),
    ),
    "EXPIRED": (
        "red",
        "circle-x",
        _("This license has expired"),
        _("It gives no right to use the data."),
    ),
    "REVOKED": (
        "red",
        "circle-x",
        _("This license was revoked"),
        _("It gives no right to use the data."),
    ),
    "SURRENDERED": (
        "red",
        "circle-x",
        _("This license was given back by its holder"),
        _("It gives no right to use the data."),
    ),
    "SUPERSEDED": (
        "red",
        "circle-x",
        _("This license was replaced by a later one"),
        _("It gives no right to use the data. Ask the holder for the license that follows it."),
    ),
}


def facts_of(found: queries.PublicLicense) -> tuple[tuple[str | Promise, Any], ...]:
    """Return what the public may know of a license, as label and value."""
    return (
        (_("License number"), found.number),
        (_("Check number"), found.machine_number),
        (_("Licensee"), found.licensee),
        (_("Dataset"), f"{found.dataset_code} {found.dataset_title}"),
        (_("Provider"), found.provider),
        (_("Licensing authority"), found.authority),
        (_("Scenario"), found.scenario_name),
        (_("Term"), f"{cn_date(found.valid_from)} – {cn_date(found.valid_to)}"),
        (_("Issued on"), cn_date(found.issued_on)),
        (_("State"), found.state_name),
    )
