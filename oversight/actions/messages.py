"""Who is told of what in oversight; a message row, mail follows by a task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from notify import actions as notify
from notify.topics import Topic
from parties.models import Organization
from parties.roles import Role

PARTY_ROLES = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)


def tell(
    subject: models.Model,
    *,
    organization: Organization | None,
    roles: Iterable[str],
    topic: Topic,
    text: str | Promise,
    route: str,
    occasion: str,
    at: datetime,
    body: str | Promise = "",
) -> None:
    """Tell the desks of an organization about a step of a subject, once for each occasion."""
    if organization is None:
        return
    for role in roles:
        notify.tell_desk(
            organization=organization,
            role=role,
            subject=text,
            body=body,
            link=_link(route, subject),
            topic=topic,
            key=f"oversight:{subject.pk}:{occasion}",
            at=at,
        )


def _link(route: str, subject: models.Model) -> str:
    try:
        return reverse(f"portal:{route}", args=[subject.pk])
    except NoReverseMatch:
        # A process without pages (a gate, a scratch run) still records the message.
        return ""
