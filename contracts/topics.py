"""What messages about agreements are about, and whom they reach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notify.topics import Way, declare
from parties.roles import Role

AGREEMENT = declare(
    "agreement",
    title=_("Agreements"),
    hint=_(
        "A draft, a proposed change, a signature that is waited for, the day it takes effect, an"
        " amendment, the end that comes near or is notified."
    ),
    least=Way.DIGEST,
    roles=(
        Role.APPLICANT_AGENT,
        Role.APPLICANT_LEGAL_REP,
        Role.PROVIDER_OFFICER,
        Role.PROVIDER_LEADER,
        Role.AUTHORITY_CASE,
    ),
)
