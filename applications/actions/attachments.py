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
from core import hashing
from core.errors import InvalidInput
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role

ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
ATTACHMENTS_MAX = 5
NAME_CHARACTERS_MAX = 120
# What a file is, by its first bytes; its name and what the browser says of it prove nothing.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives."""

    name: str
    content: bytes


def media_type_of(content: bytes) -> str:
    """
    Return what a file is.

    :raises InvalidInput: it is no PDF, PNG or JPEG.
    """
    for start, media_type in SIGNATURES:
        if content.startswith(start):
            return media_type
    raise InvalidInput(fields={"papers": _("Attach a PDF, PNG or JPEG file.")})


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

    :raises InvalidInput: too many, too large, empty, or of another kind than PDF, PNG and JPEG.
    """
    given = list(files)
    if len(given) > ATTACHMENTS_MAX:
        raise InvalidInput(fields={"papers": _("Attach five files at most.")})
    for file in given:
        if not 0 < len(file.content) <= ATTACHMENT_BYTES_MAX:
            raise InvalidInput(fields={"papers": _("A file has 10 MB at most and is not empty.")})
    return tuple(
        Attachment.objects.create(
            application=application,
            clarification=clarification,
            remark=remark,
            name=_plain_name(file.name),
            media_type=media_type_of(file.content),
            content=file.content,
            size_bytes=len(file.content),
            content_hash=hashing.digest(file.content),
            added_by=actor,
            added_at=at,
        )
        for file in given
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


def _plain_name(name: str) -> str:
    # A name may come with a path of the sender's machine, or with signs no file name has.
    last = name.replace("\\", "/").rpartition("/")[2]
    cleaned = "".join(sign for sign in last if sign.isprintable()).strip()
    return cleaned[-NAME_CHARACTERS_MAX:] or "attachment"
