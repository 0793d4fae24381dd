"""The trail: what was altered, removed or reordered is found and named."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.conftest import NOON
from workflow import audit
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(file_request, master):
    """Three chains of four entries; the first nine are sealed."""
    requests = [file_request(f"V{n}") for n in range(3)]
    for step in ("one", "two", "three"):
        if step == "three":
            audit.seal(at=NOON)
        for request in requests:
            audit.record(request, step, actor=master, at=NOON, facts={"名": "太湖"})
    return list(AuditEntry.objects.order_by("id"))


def as_owner(sql: str, *parameters) -> None:
    """Do what only the owner of the table could: put the trigger out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE workflow_auditentry ENABLE TRIGGER USER")


def test_an_honest_trail_verifies(trail):
    found = audit.verify()
    assert (found.ok, found.entries, found.seals, found.unsealed) == (True, len(trail), 1, 3)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "somebody else"),
        ("action", "other"),
        ("facts", '{"名": "运河"}'),
        ("at", "2020-01-01T00:00:00Z"),
        ("after", "RELEASED"),
    ],
)
def test_an_altered_entry_is_named(trail, column, value):
    as_owner(f"UPDATE workflow_auditentry SET {column} = %s WHERE id = %s", value, trail[4].id)
    found = audit.verify()
    assert not found.ok
    assert found.entry_id == trail[4].id
    with pytest.raises(CommandError, match=f"entry {trail[4].id} "):
        call_command("verify_audit")


def test_a_removed_entry_is_missed(trail):
    as_owner("DELETE FROM workflow_auditentry WHERE id = %s", trail[4].id)
    assert not audit.verify().ok


def test_a_chain_removed_whole_is_missed_by_the_seal(trail):
    as_owner("DELETE FROM workflow_auditentry WHERE subject_id = %s", trail[0].subject_id)
    assert "seal" in audit.verify().fault


def test_a_chain_rewritten_with_valid_hashes_is_missed_by_the_seal(trail):
    chain = [e for e in trail if e.subject_id == trail[0].subject_id]
    previous = ""
    for entry in chain:
        entry.actor_name, entry.previous_hash = "forger", previous
        entry.hash = previous = audit.hash_of(entry)
        as_owner(
            "UPDATE workflow_auditentry SET actor_name = 'forger', previous_hash = %s, hash = %s"
            " WHERE id = %s",
            entry.previous_hash,
            entry.hash,
            entry.id,
        )
    assert "seal" in audit.verify().fault


def test_seals_follow_each_other_and_cover_each_entry_once(trail, master):
    second = audit.seal(at=NOON)
    assert second.previous_hash
    assert second.entry_count == 3
    assert audit.seal(at=NOON) is None
    found = audit.verify()
    assert (found.ok, found.seals, found.unsealed) == (True, 2, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_auditentry SET action = 'x'",
        "DELETE FROM workflow_auditentry",
        "TRUNCATE workflow_auditentry",
        "UPDATE workflow_auditseal SET entry_count = 1",
        "DELETE FROM workflow_auditseal",
        "TRUNCATE workflow_auditseal",
    ],
)
def test_not_even_the_owner_alters_the_trail_by_accident(trail, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify().ok


@pytest.mark.django_db(transaction=True)
def test_many_writers_on_one_subject_make_one_chain(filed, master, together):
    def write():
        with transaction.atomic():
            audit.record(filed, "touch", actor=master, at=NOON)

    def seal():
        with transaction.atomic():
            audit.seal(at=NOON)

    before = AuditEntry.objects.count()
    results = together(*[write] * 6, seal, seal)
    assert results == [None] * 8
    found = audit.verify()
    assert found.ok
    assert found.entries == before + 6
