"""What waits for people: profiles to approve, profiles to correct."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parties.models import PartyProfile
from workflow import inbox


def _describe(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, PartyProfile)
    return subject.organization.uscc, f"{subject.name} · v{subject.version}"


def register() -> None:
    """Register the duties; once, when the app is ready."""
    for name, title, transitions, route in (
        ("review_profile", _("Approve or return the company's profile"), ("approve",),
         "portal:profile_review"),
        ("submit_profile", _("Complete the company's profile and hand it in"), ("submit",),
         "portal:company_version"),
    ):  # fmt: skip
        inbox.register(
            f"parties.{name}",
            title=title,
            model=PartyProfile,
            transitions=transitions,
            route=route,
            describe=_describe,
            related=("organization",),
        )
