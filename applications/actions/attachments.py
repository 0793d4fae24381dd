"""Files handed in with an answer or a remark: looked into, hashed, kept; and telling both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.models import Application, Attachment, Clarification, Remark
from core import uploads
from core.errors import InvalidInput
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role

ATTACHMENT_BYTES_MAX = uploads.UPLOAD_BYTES_MAX
ATTACHMENTS_MAX = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives."""

    name: str
    content: bytes


def keep(
    application: Application,
    files: Iterable[Upload],
    *,
    actor: Any,
    at: datetime,
    clarification: Clarification | None = None,
    remark: Remark | None = None,
) -> tuple[Attachment, ...]:
    """
    Keep the files of an answer or a remark.

    :raises InvalidInput: too many, or one that ``core.uploads`` refuses.
    """
    given = list(files)
    if len(given) > ATTACHMENTS_MAX:
        raise InvalidInput(fields={"papers": _("Attach five files at most.")})
    looked_into = [
        uploads.read(name=file.name, content=file.content, entry="papers") for file in given
    ]
    return tuple(
        Attachment.objects.create(
            application=application,
            clarification=clarification,
            remark=remark,
            name=file.name,
            media_type=file.media_type,
            content=file.content,
            size_bytes=len(file.content),
            content_hash=file.content_hash,
            added_by=actor,
            added_at=at,
        )
        for file in looked_into
    )


def tell_applicant(
    application: Application, *, subject: Any, body: str, key: str, at: datetime
) -> None:
    """Tell the agents of the applicant, in the name of the office."""
    people = parties.people_at(application.applicant, Role.APPLICANT_AGENT)
    notify.tell(
        people=people,
        subject=format_lazy(subject, number=application.number),
        body=body,
        link=reverse("portal:application", args=[application.pk]),
        topic=topics.CLARIFICATION,
        role=Role.APPLICANT_AGENT,
        key=key,
        at=at,
    )
