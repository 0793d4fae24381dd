"""
The audit chain: what was done, by whom, when, on what; and what was refused.

Every entry is chained to the one before it on the same subject; blocks of entries are sealed under
a Merkle root chained to the previous seal, so that an altered, removed or reordered entry is found
and named. Source: clause A21, docs/sources.md#a21.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from core import hashing
from workflow.models import AuditEntry, AuditSeal

# For whom the actor stands in, as a name; set for the rest of one action, see ``transitions``.
on_behalf_of: ContextVar[str] = ContextVar("on_behalf_of", default="")

# One number for the whole product: writers share it, the sealer takes it alone.
SEAL_LOCK = 0x5EA1
PLACE = ("id", "sequence", "previous_hash", "hash")
PLAIN_COLUMNS = ("action", "outcome", "before", "after", "actor_id", "actor_name", "at")
COLUMNS = (
    "subject_type", "subject_id", "sequence", *PLAIN_COLUMNS, "facts", "previous_hash", "hash",
)  # fmt: skip
# The end of a chain, and the entry that is hashed over it and appended; two parts of one statement,
# so that a step can write its row and its event in the same.
LINK = """link AS (
    SELECT coalesce(max(sequence), 0) + 1 AS sequence, coalesce(max(hash), '') AS hash
    FROM (
        SELECT sequence, hash FROM workflow_auditentry
        WHERE subject_type = %s AND subject_id = %s ORDER BY sequence DESC LIMIT 1
    ) AS head
)"""
APPEND = f"""INSERT INTO workflow_auditentry ({", ".join(COLUMNS)})
    SELECT %s, %s, link.sequence, %s, %s, %s, %s, %s, %s, %s, %s::jsonb,
        link.hash, encode(sha256(convert_to(%s || link.hash || %s || link.sequence || ']}}',
        'UTF8')), 'hex')
    FROM link
    RETURNING id, sequence, previous_hash, hash
"""  # noqa: S608 - names of columns
QUEUE = (
    # Writers of one subject queue here; the shared ones let the sealer, and whoever writes for a
    # whole class at once, wait for all of them.
    "pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock_shared(hashtextextended(%s, 0)),"
    " pg_advisory_xact_lock(hashtextextended(%s, 0))"
)
SEAL_ENTRIES_MAX = 50_000
VERIFY_CHUNK_ROWS = 2_000


@dataclass(slots=True)
class Draft:
    """An entry before it is appended: all but its place in the chain, which the database gives."""

    subject_type: str
    subject_id: str
    action: str
    outcome: str
    before: str
    after: str
    actor_id: str
    actor_name: str
    at: datetime
    facts: dict[str, Any]


def subject_key(subject: models.Model) -> tuple[str, str]:
    """Return the pair by which records name a subject: its label and its primary key as text."""
    return subject._meta.label_lower, str(subject.pk)


def record(
    subject: models.Model,
    action: str,
    *,
    actor: Any,
    at: datetime,
    before: str = "",
    after: str = "",
    outcome: str = AuditEntry.Outcome.DONE,
    facts: dict[str, Any] | None = None,
) -> AuditEntry:
    """
    Append one entry to the chain of a subject, in the open transaction.

    ``facts`` are plain JSON values; secrets do not belong there. Whoever stands in for a colleague
    is on record with that colleague's name.
    """
    draft = prepare(
        subject,
        action,
        actor=actor,
        at=at,
        before=before,
        after=after,
        outcome=outcome,
        facts=plain(facts or {}),
    )
    with connection.cursor() as cursor:
        # A statement of its own: the end of the chain is read after the wait.
        cursor.execute(f"SELECT {QUEUE}", queue_values(subject._meta.model, subject.pk))
        cursor.execute(f"WITH {LINK} {APPEND}", append_values(draft))
        place = dict(zip(PLACE, cursor.fetchone(), strict=True))
    return AuditEntry(**asdict(draft), **place)


def prepare(
    subject: models.Model,
    action: str,
    *,
    actor: Any,
    at: datetime,
    before: str,
    after: str,
    facts: dict[str, Any],
    outcome: str = AuditEntry.Outcome.DONE,
) -> Draft:
    """Return an entry that is not appended yet; ``facts`` are plain already."""
    absent = on_behalf_of.get()
    facts = {**facts, "on_behalf_of": absent} if absent else facts
    subject_type, subject_id = subject_key(subject)
    return Draft(
        subject_type=subject_type,
        subject_id=subject_id,
        action=action,
        outcome=str(outcome),
        before=before,
        after=after,
        actor_id=str(actor.pk),
        actor_name=_name_of(actor),
        at=at,
        facts=facts,
    )


def queue_values(model: type[models.Model], pk: Any) -> list[Any]:
    """Return the values of ``QUEUE`` for one subject."""
    subject_type = model._meta.label_lower
    return [SEAL_LOCK, subject_type, f"{subject_type}:{model._meta.pk.to_python(pk)}"]


def append_values(draft: Draft) -> list[Any]:
    """Return the values of ``LINK`` and ``APPEND``."""
    key = (draft.subject_type, draft.subject_id)
    plain_values = [getattr(draft, name) for name in PLAIN_COLUMNS]
    stored, left = json.dumps(draft.facts), _left_of_the_link(draft)
    return [*key, *key, *plain_values, stored, left, _right_of_the_link(draft)]


def record_all(
    changes: Sequence[tuple[models.Model, str, str]],
    action: str,
    *,
    actor: Any,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    """
    Append one entry each to the chains of many subjects of one class, all done alike.

    ``changes`` are (subject, state before, state after); a subject occurs once.
    """
    keys = [subject_key(subject) for subject, _, _ in changes]
    [subject_type] = {kind for kind, _ in keys}
    heads = _heads(subject_type, [subject_id for _, subject_id in keys])
    absent = on_behalf_of.get()
    facts = {**facts, "on_behalf_of": absent} if absent else facts
    actor_id, actor_name, stored = str(actor.pk), _name_of(actor), json.dumps(plain(facts))
    draft = Draft(
        subject_type=subject_type,
        subject_id="",
        action=action,
        outcome=str(AuditEntry.Outcome.DONE),
        before="",
        after="",
        actor_id=actor_id,
        actor_name=actor_name,
        at=at,
        facts=json.loads(stored),
    )
    lefts: dict[tuple[str, str], str] = {}
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY {AuditEntry._meta.db_table} ({", ".join(COLUMNS)}) FROM STDIN') as rows,
    ):
        for (_, subject_id), (_, before, after) in zip(keys, changes, strict=True):
            sequence, previous = heads.get(subject_id, (0, ""))
            draft.subject_id, draft.before, draft.after = subject_id, before, after
            if (before, after) not in lefts:
                lefts[before, after] = _left_of_the_link(draft)
            text = f"{lefts[before, after]}{previous}{_right_of_the_link(draft)}{sequence + 1}]}}"
            rows.write_row(
                (
                    subject_type, subject_id, sequence + 1, action, draft.outcome, before, after,
                    actor_id, actor_name, at, stored, previous, hashing.digest(text.encode()),
                )
            )  # fmt: skip


def hash_of(entry: AuditEntry) -> str:
    """Return the hash an entry must carry, from its content and its predecessor's hash."""
    return hashing.digest_of(_content_of(entry))


def _content_of(entry: AuditEntry) -> dict[str, Any]:
    return {
        **_head_of(entry),
        "subject": [entry.subject_type, entry.subject_id, entry.sequence],
        "previous": entry.previous_hash,
    }


def _head_of(entry: AuditEntry | Draft) -> dict[str, Any]:
    """Return what an entry says, its subject and its place in the chain aside."""
    return {
        "act": [entry.action, entry.outcome, entry.before, entry.after],
        "actor": [entry.actor_id, entry.actor_name],
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "facts": entry.facts,
    }


def _left_of_the_link(draft: Draft) -> str:
    """
    Return what stands left of the predecessor's hash in the text that is hashed.

    That text, the canonical form of ``_content_of``, is: left, the predecessor's hash, right, the
    number of the entry, "]}". Left is the same for all who are moved alike.
    """
    return hashing.canonical_json(_head_of(draft)).decode()[:-1] + ',"previous":"'


def _right_of_the_link(draft: Draft) -> str:
    """Return what stands between the predecessor's hash and the number of the entry."""
    subject = hashing.canonical_json([draft.subject_type, draft.subject_id]).decode()
    return f'","subject":{subject[:-1]},'


def seal(*, at: datetime) -> AuditSeal | None:
    """
    Seal the entries written since the last seal; None when there are none.

    Waits for the writers under way, so that no entry with a smaller id can follow its seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    last = AuditSeal.objects.order_by("-id").first()
    rows = list(
        AuditEntry.objects.filter(id__gt=last.last_entry_id if last else 0)
        .order_by("id")
        .values_list("id", "hash")[:SEAL_ENTRIES_MAX]
    )
    if not rows:
        return None
    new = AuditSeal(
        first_entry_id=rows[0][0],
        last_entry_id=rows[-1][0],
        entry_count=len(rows),
        merkle_root=hashing.merkle_root([hash_ for _, hash_ in rows]),
        previous_hash=last.hash if last else "",
        sealed_at=at,
    )
    new.hash = seal_hash_of(new)
    new.save(force_insert=True)
    return new


def seal_hash_of(block: AuditSeal) -> str:
    """Return the hash a seal must carry."""
    return hashing.digest_of(
        {
            "range": [block.first_entry_id, block.last_entry_id, block.entry_count],
            "root": block.merkle_root,
            "previous": block.previous_hash,
            "at": block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole trail found; ``fault`` names the first bad record."""

    entries: int
    seals: int
    unsealed: int
    fault: str = ""
    entry_id: int | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.fault


def verify() -> Verification:
    """Check every entry, every chain and every seal, in the order of their ids."""
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    seals = list(AuditSeal.objects.order_by("id"))
    fault = _first_seal_fault(seals)
    if fault:
        return Verification(0, len(seals), 0, fault)
    count, leaves, position = 0, list[str](), 0
    for entry in _entries():
        count += 1
        wrong = _entry_fault(entry, heads)
        if wrong:
            return Verification(count, len(seals), 0, wrong, entry.id)
        if position < len(seals) and entry.id > seals[position].last_entry_id:
            return Verification(count, len(seals), 0, _missing(seals[position]), entry.id)
        leaves.append(entry.hash)
        if position < len(seals) and entry.id == seals[position].last_entry_id:
            if not _seals_exactly(seals[position], leaves):
                return Verification(count, len(seals), 0, _missing(seals[position]), entry.id)
            leaves, position = [], position + 1
    if position < len(seals):
        return Verification(count, len(seals), 0, _missing(seals[position]))
    return Verification(count, len(seals), len(leaves))


def _entry_fault(entry: AuditEntry, heads: dict[tuple[str, str], tuple[int, str]]) -> str:
    key = (entry.subject_type, entry.subject_id)
    sequence, previous = heads.get(key, (0, ""))
    name = f"entry {entry.id} ({entry.subject_type} {entry.subject_id} #{entry.sequence})"
    if entry.sequence != sequence + 1:
        return f"{name}: entry #{sequence + 1} of this subject is missing"
    if entry.previous_hash != previous:
        return f"{name}: does not follow the entry before it"
    if entry.hash != hash_of(entry):
        return f"{name}: content was altered"
    heads[key] = (entry.sequence, entry.hash)
    return ""


def _first_seal_fault(seals: list[AuditSeal]) -> str:
    previous = ""
    for block in seals:
        if block.previous_hash != previous:
            return f"seal {block.id}: does not follow the seal before it"
        if block.hash != seal_hash_of(block):
            return f"seal {block.id}: content was altered"
        previous = block.hash
    return ""


def _seals_exactly(block: AuditSeal, leaves: list[str]) -> bool:
    return block.entry_count == len(leaves) and block.merkle_root == hashing.merkle_root(leaves)


def _missing(block: AuditSeal) -> str:
    return (
        f"seal {block.id}: entries {block.first_entry_id}-{block.last_entry_id} are not the"
        f" {block.entry_count} that were sealed"
    )


def _entries() -> Iterator[AuditEntry]:
    return AuditEntry.objects.order_by("id").iterator(chunk_size=VERIFY_CHUNK_ROWS)


def _heads(subject_type: str, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """
    Return the ends of many chains, which nobody can lengthen until this transaction ends.

    One lock for the class instead of one each: the server's table of locks has room for some
    thousands, and a dataset can have more licenses than that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s),"
            " pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [SEAL_LOCK, subject_type],
        )
        cursor.execute(
            "SELECT wanted.id, head.sequence, head.hash FROM unnest(%s::text[]) AS wanted(id)"
            " CROSS JOIN LATERAL (SELECT sequence, hash FROM workflow_auditentry"
            " WHERE subject_type = %s AND subject_id = wanted.id"
            " ORDER BY sequence DESC LIMIT 1) AS head",
            [list(ids), subject_type],
        )
        return {subject_id: (sequence, hash_) for subject_id, sequence, hash_ in cursor.fetchall()}


def _name_of(actor: Any) -> str:
    describe = getattr(actor, "audit_name", None)
    return str(describe() if callable(describe) else actor)[:200]


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as JSON keeps them: times, numbers and ids as text."""
    found: dict[str, Any] = hashing.plain(facts)
    return found
