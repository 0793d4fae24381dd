"""
What officials note on a case: comments on entries, remarks on the whole, the correction list.

Nothing reaches the applicant unless it is said to: a comment is internal unless ``for_applicant``,
a remark unless ``is_public``, and a defect only with the notice that sends all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from applications import diff
from applications.actions import attachments
from applications.actions.access import ask, ask_right, lock_application
from applications.actions.snapshots import last_snapshot
from applications.actions.submission import DEFECTS_MAX, request_correction
from applications.errors import CorrectionUsedUp
from applications.labels import label_of, sections_of
from applications.models import Application, Comment, CorrectionNotice, OpinionDraft, Remark
from applications.models.desk import COMMENT_CHARACTERS_MAX, REMARK_CHARACTERS_MAX
from applications.queries.access import visible_application
from core.errors import InvalidInput, NotAllowedNow, NotFound
from workflow import audit, policy, transitions

NOTE, TELL = "applications.write_notes", "applications.write_to_applicant"
READ = "applications.read_notes"
LABEL_CHARACTERS_MAX = 120


@transitions.action
def add_comment(
    *,
    application_id: UUID,
    section: str,
    text: str,
    actor: Any,
    at: datetime,
    item: str = "",
    for_applicant: bool = False,
    is_defect: bool = False,
    required: str = "",
) -> Comment:
    """
    Say something about one entry of the form, or about a section when ``item`` is empty.

    Internal unless ``for_applicant``. A defect is internal until the notice sends it; it should say
    what is ``required``.

    :raises InvalidInput: no text, no such entry, or a defect shown to the applicant by itself.
    :raises Forbidden: the actor does not work on this case.
    """
    application = lock_application(application_id=application_id, actor=actor)
    permission = TELL if for_applicant else NOTE
    if is_defect:
        permission = "applications.request_correction"
    ask_right(application, permission, actor=actor, act="add_comment", at=at)
    if is_defect and for_applicant:
        raise InvalidInput(
            fields={"for_applicant": _("A defect reaches the applicant with the notice only.")}
        )
    snapshot = last_snapshot(application)
    _ask_anchor(snapshot.content, section, item)
    comment = Comment.objects.create(
        application=application,
        section=section,
        item=item,
        label=str(label_of(section=section, key=item, content=snapshot.content)),
        text=clean_text(text, most=COMMENT_CHARACTERS_MAX),
        for_applicant=for_applicant,
        is_defect=is_defect,
        required=required.strip()[:COMMENT_CHARACTERS_MAX],
        position=_next_position(application) if is_defect else 0,
        snapshot=snapshot,
        anchor_hash=diff.anchor_hash(content=snapshot.content, section=section, key=item),
        author=actor,
        written_at=at,
    )
    _note(application, "add_comment", comment, actor=actor, at=at)
    forget_draft(application, place=f"comment:{section}:{item}", actor=actor)
    if for_applicant:
        attachments.tell_applicant(
            application,
            subject=_("The office left a note on application {number}"),
            body=comment.text,
            key=f"applications.comment.{comment.pk}",
            at=at,
        )
    return comment


@transitions.action
def reply_to_comment(*, comment_id: int, text: str, actor: Any, at: datetime) -> Comment:
    """
    Answer a comment; the answer is seen by whoever sees the comment.

    :raises NotFound: there is no such comment for this actor.
    :raises NotAllowedNow: the thread is resolved.
    """
    application, parent = _lock_comment(comment_id, actor=actor)
    head = parent.parent or parent
    permission = TELL if head.for_applicant else NOTE
    ask_right(application, permission, actor=actor, act="add_comment", at=at)
    if head.resolved_at is not None:
        raise NotAllowedNow
    reply = Comment.objects.create(
        application=application,
        parent=head,
        section=head.section,
        item=head.item,
        label=head.label,
        text=clean_text(text, most=COMMENT_CHARACTERS_MAX),
        for_applicant=head.for_applicant,
        snapshot=head.snapshot,
        anchor_hash=head.anchor_hash,
        author=actor,
        written_at=at,
    )
    _note(application, "add_comment", reply, actor=actor, at=at)
    forget_draft(application, place=f"reply:{head.pk}", actor=actor)
    return reply


@transitions.action
def resolve_comment(
    *, comment_id: int, actor: Any, at: datetime, resolved: bool = True
) -> Comment:
    """
    Close a thread, or open it again.

    :raises NotFound: there is no such comment for this actor.
    """
    application, comment = _lock_comment(comment_id, actor=actor)
    ask_right(application, NOTE, actor=actor, act="resolve_comment", at=at)
    head = comment.parent or comment
    if (head.resolved_at is not None) == resolved:
        return head
    head.resolved_by, head.resolved_at = (actor, at) if resolved else (None, None)
    head.save(update_fields=["resolved_by", "resolved_at"])
    act = "resolve_comment" if resolved else "reopen_comment"
    _note(application, act, head, actor=actor, at=at)
    return head


@transitions.action
def save_correction_list(
    *, application_id: UUID, points: Sequence[Mapping[str, Any]], actor: Any, at: datetime
) -> tuple[Comment, ...]:
    """
    Keep the correction list as it stands on the page, in the order given; nothing is sent.

    A point is {"id" or None, "section", "item", "problem", "required"}; ``item`` is how the notice
    names the entry. Points that the page no longer has are taken off the list.

    :raises CorrectionUsedUp: this submission was returned before.
    :raises InvalidInput: a point names no section, or there are too many.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(
        application, "applications.request_correction", actor=actor, act="edit_corrections", at=at
    )
    _ask_correctable(application)
    snapshot = last_snapshot(application)
    if len(points) > DEFECTS_MAX:
        raise InvalidInput(fields={"defects": _("A notice names 30 defects at most.")})
    known = {c.pk: c for c in open_defects(application)}
    kept = []
    for position, point in enumerate(points, 1):
        found = known.pop(int(point["id"]), None) if point.get("id") else None
        kept.append(
            _keep_point(application, snapshot, found, point, position, actor=actor, at=at)
        )
    for gone in known.values():
        gone.is_defect, gone.required, gone.position = False, "", 0
        gone.resolved_by, gone.resolved_at = actor, at
        gone.save()
    facts = {"points": len(kept)}
    audit.record(application, "edit_corrections", actor=actor, at=at, facts=facts)
    return tuple(kept)


@transitions.action
def send_correction_list(
    *,
    application_id: UUID,
    actor: Any,
    at: datetime,
    points: Sequence[Mapping[str, Any]] | None = None,
) -> Application:
    """
    Send every point of the correction list at once, in its order.

    ``points`` are kept first when they are given, as ``save_correction_list`` takes them.

    :raises CorrectionUsedUp: this submission was returned before.
    :raises InvalidInput: the list is empty, or a point does not say what is required.
    Source: domain T02.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "request_correction", actor=actor, at=at)
    if points is not None:
        save_correction_list(application_id=application_id, points=points, actor=actor, at=at)
    listed = list(open_defects(application))
    application = request_correction(
        application_id=application_id,
        defects=[
            {
                "section": point.section,
                "item": point.label,
                "problem": point.text,
                "required": point.required,
            }
            for point in listed
        ],
        actor=actor,
        at=at,
    )
    notice = CorrectionNotice.objects.get(
        application=application, submission_round=application.submission_round
    )
    Comment.objects.filter(pk__in=[point.pk for point in listed]).update(sent_in=notice)
    return application


@transitions.action
def add_remark(
    *,
    application_id: UUID,
    text: str,
    actor: Any,
    at: datetime,
    is_public: bool = False,
    files: Iterable[attachments.Upload] = (),
) -> Remark:
    """
    Note something on the whole case, for the office alone or told to the applicant.

    :raises InvalidInput: no text, or a file that is not taken.
    :raises Forbidden: the actor does not work on this case, or may not write to the applicant.
    """
    application = lock_application(application_id=application_id, actor=actor)
    permission = TELL if is_public else NOTE
    ask_right(application, permission, actor=actor, act="add_remark", at=at)
    last_snapshot(application)
    remark = Remark.objects.create(
        application=application,
        text=clean_text(text, most=REMARK_CHARACTERS_MAX),
        is_public=is_public,
        author=actor,
        written_at=at,
    )
    attachments.keep(application, files, remark=remark, actor=actor, at=at)
    audit.record(
        application,
        "add_public_remark" if is_public else "add_remark",
        actor=actor,
        at=at,
        facts={"remark": remark.pk},
    )
    forget_draft(application, place="remark", actor=actor)
    if is_public:
        attachments.tell_applicant(
            application,
            subject=_("The office left a note on application {number}"),
            body=remark.text,
            key=f"applications.remark.{remark.pk}",
            at=at,
        )
    return remark


@transitions.action
def save_opinion_draft(
    *, application_id: UUID, place: str, text: str, actor: Any, at: datetime
) -> None:
    """
    Keep words that the actor has begun to write on a case, so that another browser has them.

    An empty text forgets them. Nobody else sees them, so there is no audit entry.

    :raises NotFound: there is no such case for this actor.
    """
    # Nothing of the case changes, so nobody waits for it.
    application = visible_application(application_id=application_id, actor=actor)
    if not place or len(place) > 220:
        raise InvalidInput(fields={"place": _("This place is not known.")})
    if not text.strip():
        forget_draft(application, place=place, actor=actor)
        return
    OpinionDraft.objects.update_or_create(
        application=application,
        person=actor,
        place=place,
        defaults={"text": text[:REMARK_CHARACTERS_MAX], "saved_at": at},
    )


def forget_draft(application: Application, *, place: str, actor: Any) -> None:
    """Forget words that were sent or given up."""
    OpinionDraft.objects.filter(application=application, person=actor, place=place).delete()


def open_defects(application: Application) -> Any:
    """Return the points of the correction list that were not sent, in order."""
    rows = Comment.objects.filter(
        application=application, is_defect=True, sent_in=None, resolved_at=None
    )
    return rows.order_by("position", "id")


def clean_text(text: str, *, most: int) -> str:
    """
    Return a text that says something.

    :raises InvalidInput: it is empty or too long.
    """
    cleaned = text.strip()
    if not cleaned:
        raise InvalidInput(fields={"text": _("Write something first.")})
    if len(cleaned) > most:
        raise InvalidInput(fields={"text": _("Enter a text that is not too long.")})
    return cleaned


def _keep_point(
    application: Application,
    snapshot: Any,
    found: Comment | None,
    point: Mapping[str, Any],
    position: int,
    *,
    actor: Any,
    at: datetime,
) -> Comment:
    section = str(point.get("section") or "")
    if section not in sections_of(snapshot.content):
        raise InvalidInput(fields={"defects": _("Choose the section of each defect.")})
    if found is None or found.section != section:
        item = "" if found is None or found.section != section else found.item
        anchor = diff.anchor_hash(content=snapshot.content, section=section, key=item)
        fresh = found or Comment(application=application, author=actor, written_at=at)
        fresh.section, fresh.item, fresh.snapshot = section, item, snapshot
        fresh.anchor_hash, fresh.is_defect = anchor, True
        found = fresh
    found.label = str(point.get("item") or "").strip()[:LABEL_CHARACTERS_MAX]
    found.text = clean_text(str(point.get("problem") or ""), most=COMMENT_CHARACTERS_MAX)
    found.required = str(point.get("required") or "").strip()[:COMMENT_CHARACTERS_MAX]
    found.position = position
    found.save()
    return found


def _ask_correctable(application: Application) -> None:
    round_ = application.submission_round
    if CorrectionNotice.objects.filter(application=application, submission_round=round_).exists():
        raise CorrectionUsedUp
    if application.state != Application.State.SUBMITTED:
        raise NotAllowedNow


def _ask_anchor(content: Mapping[str, Any], section: str, item: str) -> None:
    keys = {(e.section, e.key) for e in diff.flatten(content=content)}
    if section not in {s for s, _key in keys} or (item and (section, item) not in keys):
        raise InvalidInput(fields={"item": _("The form has no such entry.")})


def _next_position(application: Application) -> int:
    last = open_defects(application).last()
    return last.position + 1 if last else 1


def _lock_comment(comment_id: int, *, actor: Any) -> tuple[Application, Comment]:
    known = Comment.objects.filter(id=comment_id).first()
    if known is None:
        raise NotFound
    application = lock_application(application_id=known.application_id, actor=actor)
    if not known.for_applicant and not policy.may(actor, READ, application):
        raise NotFound
    return application, Comment.objects.select_related("parent", "snapshot").get(id=comment_id)


def _note(
    application: Application, act: str, comment: Comment, *, actor: Any, at: datetime
) -> None:
    name = f"{act}_for_applicant" if comment.for_applicant and act == "add_comment" else act
    facts = {"comment": comment.pk, "section": comment.section, "item": comment.item}
    audit.record(application, name, actor=actor, at=at, facts=facts)
