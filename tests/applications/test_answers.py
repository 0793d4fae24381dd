"""What an answer may be: kept in a draft, refused at submission."""

from __future__ import annotations

from typing import Any

import pytest

from applications.errors import FormIncomplete
from core.errors import InvalidInput
from tests.applications.form_support import answer, choice, field, publish, section, submit
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db

TABLE = field(
    "systems",
    "TABLE",
    required=True,
    columns=[
        field("name", required=True),
        choice("kind", "APP", "DB", required=True),
        field("address", "IP"),
    ],
)
FULL = {"name": "授信系统", "kind": "APP", "address": "218.90.0.1"}


@pytest.mark.scenario(13)
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"name": "授信系统"}],
        [FULL, {"kind": "DB"}],
        [{**FULL, "kind": "TAPE"}],
        [{**FULL, "address": "192.168.1.1"}],
        [{**FULL, "address": "10.0.0.1"}],
    ],
)
def test_a_table_with_no_row_or_an_unfit_row_is_refused_at_submission(
    city: City, rows: list[dict[str, str]]
) -> None:
    publish(city, section("systems_used", TABLE))
    draft = answer(city, build.drafted(city), systems=rows)

    error = refuses(draft, FormIncomplete, lambda: submit(city, draft))
    assert list(error.fields) == ["systems_used.systems"]  # type: ignore[attr-defined]

    answer(city, draft, systems=[FULL])
    assert submit(city, draft).answers["systems"] == [FULL]


@pytest.mark.scenario(13)
def test_an_unknown_column_or_an_unknown_entry_is_refused_and_nothing_is_stored(
    city: City,
) -> None:
    publish(city, section("systems_used", TABLE))
    draft = build.drafted(city)
    for answers in ({"systems": [{**FULL, "owner": "x"}]}, {"nothing": "x"}):
        refuses(draft, InvalidInput, lambda answers=answers: answer(city, draft, **answers))
    draft.refresh_from_db()
    assert draft.answers == {}


@pytest.mark.scenario(13)
@pytest.mark.parametrize(
    ("asked", "bad", "good"),
    [
        (choice("x", "A", "B"), "C", "A"),
        (choice("x", "A", "B", kind="MULTI"), ["A", "C"], ["A", "B"]),
        (field("x", "IP"), "172.16.0.9", "218.90.0.1"),
        (field("x", "DATE"), "2026-02-30", "2026-02-28"),
        (field("x", "PHONE"), "12345", "0510-82700000"),
        (field("x", "NUMBER", least=1, most=9), "10", "9"),
        (field("x", "TEXT", length_max=4), "五个字太长", "四个字好"),
    ],
)
def test_an_answer_outside_its_type_is_kept_in_the_draft_and_refused_at_submission(
    city: City, asked: dict[str, Any], bad: Any, good: Any
) -> None:
    publish(city, section("more", asked))
    draft = answer(city, build.drafted(city), x=bad)
    assert draft.answers == {"x": bad}
    refuses(draft, FormIncomplete, lambda: submit(city, draft))

    answer(city, draft, x=good)
    assert submit(city, draft).answers == {"x": good}
