"""What messages about licenses are about, and whom they reach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notify.topics import Way, declare
from parties.roles import Role

LICENSE = declare(
    "license",
    title=_("Licenses"),
    hint=_("Licenses of an agreement in force could not be issued."),
    least=Way.DIGEST,
    roles=(Role.AUTHORITY_CASE,),
)
