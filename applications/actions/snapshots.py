"""What was handed in is frozen; what a reviewer has read of it is noted for that reviewer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from applications import diff, form
from applications.actions.access import ask_right
from applications.actions.files import drop_hidden_files, freeze_files
from applications.models import Application, SectionMark, Sighting, Snapshot
from applications.queries import content_of
from applications.queries.access import visible_application
from core import hashing
from core.errors import InvalidInput, NotFound
from workflow import audit, policy, transitions

READ = "applications.read_notes"


def take_snapshot(application: Application, *, actor: Any, at: datetime) -> Snapshot:
    """Freeze what the applicant has written, with its SHA-256; called by every submission."""
    drop_hidden_files(application)
    content = audit.plain(content_of(application))
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first()
    number = (last or 0) + 1
    freeze_files(application, number=number)
    return Snapshot.objects.create(
        application=application,
        number=number,
        submission_round=application.submission_round,
        content=content,
        content_hash=hashing.digest_of(content),
        taken_by=actor,
        taken_at=at,
    )


def last_snapshot(application: Application) -> Snapshot:
    """
    Return what was handed in last.

    :raises NotFound: nothing has been handed in yet.
    """
    found = application.snapshots.order_by("-number").first()
    if found is None:
        raise NotFound
    return found


@transitions.action
def note_sighting(*, application_id: UUID, actor: Any, at: datetime) -> Sighting | None:
    """
    Remember that a reviewer has the last submission before the eyes; None for everybody else.

    No act of the procedure, so there is no audit entry; the first look at a new submission keeps
    which one was seen before.
    """
    application = Application.objects.filter(id=application_id).first()
    if application is None or not (
        policy.may(actor, READ, application)
        or application.consultations.filter(person=actor).exists()
    ):
        return None
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first()
    if last is None:
        return None
    known, created = Sighting.objects.select_for_update(of=("self",)).get_or_create(
        application=application, person=actor, defaults={"number": last, "seen_at": at}
    )
    if not created and known.number < last:
        known.before, known.number, known.seen_at = known.number, last, at
        known.save(update_fields=["before", "number", "seen_at"])
    return known


@transitions.action
def mark_section(
    *, application_id: UUID, section: str, seen: bool, actor: Any, at: datetime
) -> None:
    """
    Mark a section as read by the actor, or take the mark back.

    The mark holds for what the section says now: it is void once the section says something else.

    :raises Forbidden: the actor does not review this case.
    :raises InvalidInput: there is no such section.
    """
    application = visible_application(application_id=application_id, actor=actor)
    if not application.consultations.filter(person=actor).exists():
        ask_right(application, READ, actor=actor)
    if section not in {*form.SECTIONS, "answers"}:
        raise InvalidInput(fields={"section": _("The form has no such section.")})
    content = last_snapshot(application).content
    mine = SectionMark.objects.filter(application=application, person=actor, section=section)
    if not seen:
        mine.delete()
        return
    SectionMark.objects.update_or_create(
        application=application,
        person=actor,
        section=section,
        defaults={
            "content_hash": diff.section_hash(content=content, section=section),
            "marked_at": at,
        },
    )
