"""What was handed in, entry by entry, with what changed and what was said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from applications import diff, labels
from applications.models import Application, Comment, OpinionDraft, SectionMark, Sighting, Snapshot
from applications.queries.access import visible_application
from applications.queries.consultation import reads_as_consulted
from applications.queries.files import files_by_hash
from workflow import policy

READ = "applications.read_notes"
COMMENTS_MAX = 500
SHOWS = ("all", "changes", "seen")
# Names and contacts of persons, and what an attacker could use: not for people who are only asked.
PRIVATE_ENTRIES = frozenset(
    {"protection_certificate", "security_plan.incident", "commitments.signer"}
)


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment with its replies; ``outdated`` when what it speaks of was changed since."""

    id: int
    section: str
    item: str
    label: str
    text: str
    for_applicant: bool
    is_defect: bool
    required: str
    author_name: str
    written_at: datetime
    resolved: bool
    resolved_by: str
    sent: bool
    outdated: bool
    draft: str = ""
    replies: tuple[CommentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a field: same, added or removed since the submission compared with."""

    kind: str
    id: int
    name: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry with what became of it and what was said about it."""

    key: str
    label: str
    kind: str
    status: str
    text: str
    pieces: tuple[diff.Piece, ...]
    rows: tuple[tuple[str, str], ...]
    comments: tuple[CommentRow, ...]
    draft: str
    place: str
    files: tuple[FileChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section; ``seen`` holds for this reader and for what the section says now."""

    key: str
    title: str
    entries: tuple[EntryRow, ...]
    comments: tuple[CommentRow, ...]
    unresolved: int
    changed: int
    seen: bool
    reset: bool
    draft: str
    place: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """What was handed in last, beside an earlier submission; ``against`` is that one's number."""

    number: int
    taken_at: datetime
    content_hash: str
    show: str
    against: int
    seen_before: int
    sections: tuple[SectionRow, ...]
    seen: int
    total: int
    unresolved: int
    changed: int
    drafts: dict[str, str]


def desk_view(
    *, application_id: UUID, actor: Any, show: str = "all"
) -> DeskView | None:
    """
    Return a case as reviewers read it; None when nothing was handed in, or for the applicant.

    ``show`` is all, changes (since the submission before) or seen (since the reader's last look).

    :raises NotFound: there is no such case for this actor.
    """
    case = visible_application(application_id=application_id, actor=actor)
    consulted = reads_as_consulted(case, actor=actor)
    if not consulted and not policy.may(actor, READ, case):
        return None
    show = show if show in SHOWS else "all"
    last = case.snapshots.order_by("-number").first()
    if last is None:
        return None
    sighting = Sighting.objects.filter(application=case, person=actor).first()
    seen_before = _seen_before(sighting, last)
    against = seen_before if show == "seen" else last.number - 1
    old = _content(case, against)
    changes = diff.compare(old=old, new=last.content)
    # What the last submission dropped is told of as the one before it was asked.
    hidden = _private(last.content) | _private(old or {}) if consulted else frozenset()
    changes = tuple(c for c in changes if c.key not in hidden)
    drafts = dict(
        OpinionDraft.objects.filter(application=case, person=actor).values_list("place", "text")
    )
    threads = _threads(case, last.content, drafts, only_of=actor if consulted else None)
    marks = dict(
        SectionMark.objects.filter(application=case, person=actor).values_list(
            "section", "content_hash"
        )
    )
    content = labels.with_names_of(content=last.content, earlier=old or {})
    known = files_by_hash(case) if content.get("files") or (old or {}).get("files") else {}
    names = dict.fromkeys((*labels.sections_of(content), *(c.section for c in changes)))
    sections = tuple(
        _section(name, changes, threads, marks, drafts, content=content, show=show, files=known)
        for name in names
    )
    return DeskView(
        number=last.number,
        taken_at=last.taken_at,
        content_hash=last.content_hash,
        show=show,
        against=against if old is not None else 0,
        seen_before=seen_before,
        sections=sections,
        seen=sum(s.seen for s in sections),
        total=len(sections),
        unresolved=sum(s.unresolved for s in sections),
        changed=sum(s.changed for s in sections),
        drafts=drafts,
    )


def correction_list(*, application_id: UUID, actor: Any) -> tuple[CommentRow, ...]:
    """
    Return the points of the correction list that are not sent yet, in their order.

    :raises NotFound: there is no such case for this actor.
    """
    case = visible_application(application_id=application_id, actor=actor)
    if not policy.holds(actor, "applications.request_correction", case):
        return ()
    rows = case.comments.filter(is_defect=True, sent_in=None, resolved_at=None)
    found = rows.select_related("author", "resolved_by").order_by("position", "id")
    return tuple(_comment(row, outdated=False) for row in found)


def comment_place(*, comment_id: int, actor: Any) -> tuple[UUID, str, str]:
    """Return case, section and entry of a comment, for the way back to it."""
    case_id, section, item = (
        Comment.objects.filter(id=comment_id)
        .values_list("application_id", "section", "item")
        .get()
    )
    return case_id, section, item


def _seen_before(sighting: Sighting | None, last: Snapshot) -> int:
    """Return the submission this reader saw before the last one; 0 when there is none."""
    if sighting is None:
        return 0
    return sighting.before if sighting.number == last.number else sighting.number


def _content(case: Application, number: int) -> Mapping[str, Any] | None:
    if number < 1:
        return None
    return case.snapshots.filter(number=number).values_list("content", flat=True).first()


def _private(content: Mapping[str, Any]) -> frozenset[str]:
    """Return the entries that are kept from people who are only asked for an opinion."""
    marked = {f"{kind}.{key}" for key in content.get("private") or () for kind in
              ("answers", "files")}
    return PRIVATE_ENTRIES | marked


def _threads(
    case: Application, content: Mapping[str, Any], drafts: Mapping[str, str], *, only_of: Any
) -> dict[str, list[CommentRow]]:
    """Return the threads by section and entry; what they speak of may be gone."""
    rows = Comment.objects.filter(application=case)
    if only_of is not None:
        rows = rows.filter(Q(author=only_of))
    found = list(rows.select_related("author", "resolved_by").order_by("id")[:COMMENTS_MAX])
    hashes: dict[tuple[str, str], str] = {}
    heads: dict[int, CommentRow] = {}
    for row in found:
        anchor = (row.section, row.item)
        if anchor not in hashes:
            hashes[anchor] = diff.anchor_hash(content=content, section=row.section, key=row.item)
        shown = _comment(row, outdated=hashes[anchor] != row.anchor_hash)
        if row.parent_id is None or row.parent_id not in heads:
            heads[row.pk] = replace(shown, draft=drafts.get(f"reply:{row.pk}", ""))
        else:
            head = heads[row.parent_id]
            heads[row.parent_id] = replace(head, replies=(*head.replies, shown))
    known = {(e.section, e.key) for e in diff.flatten(content=content)}
    threads: dict[str, list[CommentRow]] = {}
    for head in heads.values():
        key = head.item if (head.section, head.item) in known else ""
        threads.setdefault(f"{head.section}:{key}", []).append(head)
    return threads


def _comment(row: Comment, *, outdated: bool) -> CommentRow:
    return CommentRow(
        id=row.pk,
        section=row.section,
        item=row.item,
        label=row.label,
        text=row.text,
        for_applicant=row.for_applicant,
        is_defect=row.is_defect,
        required=row.required,
        author_name=row.author.full_name,
        written_at=row.written_at,
        resolved=row.resolved_at is not None,
        resolved_by=row.resolved_by.full_name if row.resolved_by else "",
        sent=row.sent_in_id is not None,
        outdated=outdated,
    )


def _section(
    name: str,
    changes: tuple[diff.Change, ...],
    threads: Mapping[str, list[CommentRow]],
    marks: Mapping[str, str],
    drafts: Mapping[str, str],
    *,
    content: Mapping[str, Any],
    show: str,
    files: Mapping[tuple[str, str], int],
) -> SectionRow:
    mine = [c for c in changes if c.section == name]
    own = tuple(threads.get(f"{name}:", ()))
    said = [*own, *(t for c in mine for t in threads.get(f"{name}:{c.key}", ()))]
    current = diff.section_hash(content=content, section=name)
    entries = tuple(
        _entry(name, change, threads, drafts, content=content, files=files)
        for change in mine
        if show == "all" or change.status != "same"
    )
    return SectionRow(
        key=name,
        title=str(labels.section_title(name)),
        entries=entries,
        comments=own,
        unresolved=sum(not thread.resolved for thread in said),
        changed=sum(c.status != "same" for c in mine),
        seen=marks.get(name) == current,
        reset=name in marks and marks[name] != current,
        draft=drafts.get(f"comment:{name}:", ""),
        place=f"comment:{name}:",
    )


def _entry(
    section: str,
    change: diff.Change,
    threads: Mapping[str, list[CommentRow]],
    drafts: Mapping[str, str],
    *,
    content: Mapping[str, Any],
    files: Mapping[tuple[str, str], int],
) -> EntryRow:
    place = f"comment:{section}:{change.key}"
    return EntryRow(
        key=change.key,
        label=str(labels.label_of(section=section, key=change.key, content=content)),
        kind=change.kind,
        status=change.status,
        text=_text(change),
        pieces=tuple(
            diff.Piece(p.kind, str(labels.value_of(key=change.key, value=p.text)))
            for p in change.pieces
        ),
        rows=tuple(
            (kind, str(labels.row_of(key=change.key, row=row))) for kind, row in change.rows
        ),
        comments=tuple(threads.get(f"{section}:{change.key}", ())),
        draft=drafts.get(place, ""),
        place=place,
        files=_files(change, files) if change.kind == "files" else (),
    )


def _files(
    change: diff.Change, known: Mapping[tuple[str, str], int]
) -> tuple[FileChange, ...]:
    """Return what became of each file of a field, those that went first."""
    field = change.key.partition(".")[2]
    return tuple(
        FileChange(kind, known.get((field, sha), 0), name, sha)
        for kind, name, sha in diff.files(old=change.old, new=change.new)
    )


def _text(change: diff.Change) -> str:
    if change.kind == "files":
        return "、".join(name for name, _hash in change.new)
    if change.kind == "list":
        return "、".join(str(labels.row_of(key=change.key, row=row)) for row in change.new)
    return str(labels.value_of(key=change.key, value=change.new))
