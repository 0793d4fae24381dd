"""What the checks are called, what each asks, how a failure is mended. Words only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.eligibility_rules import BLOCKS, INFORMS, OFF
from applications.models import Application
from parties.roles import Kind

CHECK_NAMES: dict[str, str | Promise] = {
    "uscc": _("Unified social credit code"),
    "party": _("Verified and not barred"),
    "datasets": _("Datasets open under conditions"),
    "environment": _("Level of the data and environment"),
    "affiliation": _("Operators and their affiliates"),
    "cross_border": _("No transfer abroad"),
    "terms": _("Terms known to the rules"),
    "delivery": _("Delivery offered by the provider"),
    "credit": _("Business status and credit record"),
    "violations": _("Earlier violations"),
    "protection": _("Classified protection of systems"),
    "consent": _("Consent of the persons concerned"),
    "minimality": _("Fields asked for and fields needed"),
    "purpose_fee": _("Purpose and fees"),
    "overlap": _("Existing licenses"),
    "onward": _("Onward transfer"),
}

# What an applicant does about a check that did not pass, and in which section; "" is elsewhere.
CHECK_FIXES: dict[str, tuple[str | Promise, str]] = {
    "uscc": (_("Have the code corrected in the profile of your organization."), ""),
    "party": (_("Complete the verification of your organization, or wait for the bar to end."), ""),
    "datasets": (_("Choose datasets that are open, or wait until they are."), "datasets"),
    "environment": (_("Choose a closed environment, or take the dataset out."), "usage"),
    "affiliation": (_("Apply through an organization that is not affiliated."), ""),
    "cross_border": (_("Process and keep the data on the mainland."), "usage"),
    "terms": (_("Choose the entry again from its list."), "scenario"),
    "delivery": (_("Choose a delivery that the provider offers."), "usage"),
    "credit": (_("Ask the data authority to repeat the credit check."), ""),
    "violations": (_("Say in the security plan what was put right since."), "security"),
    "protection": (_("State level and certificate of the classified protection."), "usage"),
    "consent": (_("Say in the purpose how consent is obtained and proved."), "scenario"),
    "minimality": (_("Ask only for fields you can justify one by one."), "datasets"),
    "purpose_fee": (_("Choose the purpose class that fits."), "scenario"),
    "overlap": (_("Amend the license you hold instead of applying again."), ""),
    "onward": (_("Obtain the consent of the provider, or do without onward transfer."), "usage"),
}
MODE_NAMES: dict[str, str | Promise] = {
    BLOCKS: pgettext_lazy("check", "Must pass"),
    INFORMS: pgettext_lazy("check", "Informs"),
    OFF: pgettext_lazy("check", "Off"),
}
# The other levels are called as they are coded.
LEVEL_NAMES: dict[str, str | Promise] = {
    "IMPORTANT": pgettext_lazy("level", "Important data"),
    "CORE": pgettext_lazy("level", "Core data"),
}
EVIDENCE_NAMES: dict[str, str | Promise] = {
    "uscc": _("Unified social credit code"),
    "reason": _("Reason"),
    "datasets": _("Datasets"),
    "environment": _("Environment of use"),
    "allowed": _("Closed environments"),
    "kind": _("Kind of organization"),
    "parent": _("Kind of the parent"),
    "mode": _("Delivery"),
    "checked_on": _("Credit checked on"),
    "days": _("Days at most"),
    "records": _("Violations"),
    "level": _("Level of classified protection"),
    "least": _("Level at least"),
    "certificate": _("Certificate of classified protection"),
    "fields": _("Fields"),
    "purpose_class": _("Purpose class"),
    "licenses": _("Licenses"),
    "terms": _("Terms"),
}


def shown(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return evidence with its codes in the reader's words, as messages are filled with it."""
    return {key: _word(key, value) for key, value in evidence.items()}


def evidence_lines(evidence: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a check looked at as (name, value), what is empty left out."""
    return tuple(
        (str(name), str(_word(key, evidence[key])))
        for key, name in EVIDENCE_NAMES.items()
        if evidence.get(key) not in (None, "", [], False)
    )


def environment_names(codes: list[str]) -> str:
    """Return environments as one line of words."""
    return "、".join(_label(Application.Environment, code) for code in codes)


def _word(key: str, value: Any) -> Any:
    match key:
        case "allowed":
            return environment_names(list(value))
        case "environment":
            return _label(Application.Environment, value)
        case "mode":
            return _label(Application.DeliveryMode, value)
        case "purpose_class":
            return _label(Application.PurposeClass, value)
        case "kind" | "parent":
            return _label(Kind, value)
        case _:
            return value


def _label(choices: Any, code: str) -> str:
    return str(dict(choices.choices).get(code, code))
