"""The list of append-only tables and the triggers that refuse change say the same."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

# Tables (not their partitions) with a trigger that stands before UPDATE and before DELETE:
# bits 2 (before), 8 (delete) and 16 (update) of tgtype.
REFUSING_CHANGE = """
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND NOT c.relispartition AND t.tgtype::int & 26 = 26 ORDER BY 1
"""


@pytest.mark.django_db
def test_every_table_whose_triggers_refuse_change_is_on_the_list_of_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFUSING_CHANGE)
        guarded = [name for (name,) in cursor.fetchall()]

    assert [t for t in guarded if not t.startswith("ledger_")] == settings.APPEND_ONLY_TABLES
    assert not set(settings.LEDGER_MUTABLE_TABLES) & set(guarded)
