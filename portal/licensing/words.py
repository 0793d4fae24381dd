"""Words and tones of licenses for people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MODES: dict[str, str | Promise] = {
    "RAW_EXPORT": gettext_lazy("Interface, raw data may be kept"),
    "API": gettext_lazy("Interface"),
    "SANDBOX": gettext_lazy("Secure sandbox"),
    "VERIFY_ONLY": gettext_lazy("Verification only, yes or no"),
}
TRANSFORMS: dict[str, str | Promise] = {
    "MASK": gettext_lazy("Masked in part"),
    "GENERALIZE": gettext_lazy("Generalized to a band"),
    "HASH": gettext_lazy("Replaced by a keyed hash"),
    "SUPPRESS": gettext_lazy("Left empty"),
}
_TONES = {
    "ISSUED": "blue",
    "ACTIVE": "green",
    "SUSPENDED": "yellow",
    "REVOKED": "red",
    "REGISTERED": "blue",
    "APPROVED": "green",
    "REJECTED": "red",
    "REQUESTED": "blue",
    "ROTATED": "yellow",
}


def license_tone(state: str) -> str:
    """Return the tone of a state of a license, a client application or a credential."""
    return _TONES.get(state, "secondary")


def quota_lines(quota: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """Return the limits of a license with their names."""
    names = {
        "per_total": _("Calls in all"),
        "per_month": _("Calls a month"),
        "per_day": _("Calls a day"),
        "rate_per_second": _("Calls a second"),
        "rows_per_call": _("Rows a call"),
    }
    return [
        (label, f"{value:,}") for name, label in names.items() if (value := quota.get(name))
    ]
