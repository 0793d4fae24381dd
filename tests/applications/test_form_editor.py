"""The editor of the form through its pages, as a browser without script uses it."""

from __future__ import annotations

from typing import Any

import pytest

from applications import definition
from applications.models import FormDefinition
from portal.applications import definition_words
from tests.applications.form_editor_support import (
    PART,
    WORDS,
    drafted,
    edit,
    entries,
    fields_of,
    revision_of,
    standing,
)
from tests.applications.form_support import field, section
from tests.applications.test_pages import Reader, url
from tests.builders.applications import City

pytestmark = pytest.mark.django_db

@pytest.fixture
def part(city: City) -> FormDefinition:
    """Return a drafted part of a dataset with three fields."""
    draft = drafted(city, "D01")
    return edit(city, draft, content={"sections": [PART]})


@pytest.fixture
def officer(city: City) -> Reader:
    """Return the officer at a browser."""
    return Reader(city.case)


def test_every_type_and_every_setting_has_a_name() -> None:
    assert set(definition_words.TYPES) == set(definition.TYPES)
    for kind in definition.TYPES:
        assert definition_words.type_name(kind) != kind


class TestList:
    def test_a_version_is_begun_for_the_general_part_and_for_a_dataset(
        self, city: City, officer: Reader
    ) -> None:
        shown = officer.get(url("forms"))
        assert "通用部分" in shown
        assert "D01" in shown
        officer.post(url("form_begin"), {"dataset": ""})
        officer.post(url("form_begin"), {"dataset": "D01"})
        general, of_dataset = FormDefinition.objects.filter(state="DRAFT").order_by("version")[::-1]
        assert (general.dataset, general.version) == (None, 2)
        assert of_dataset.dataset is not None
        assert of_dataset.dataset.code == "D01"

    def test_a_decider_reads_but_begins_nothing(self, city: City) -> None:
        decider = Reader(city.decider)
        assert "起草新版本" not in decider.get(url("forms"))
        decider.post(url("form_begin"), {"dataset": "D01"})
        assert not FormDefinition.objects.filter(state="DRAFT").exists()

    def test_others_find_nothing(self, city: City, part: FormDefinition) -> None:
        for who in (city.agent, city.secretary):
            reader = Reader(who)
            reader.get(url("forms"), status=404)
            for name in ("form", "form_preview", "form_changes", "form_publish", "form_export"):
                reader.get(url(name, part.pk), status=404)
            before = standing(part)
            reader.post(url("form_basis", part.pk), {"legal_basis": "x"}, status=404)
            reader.post(url("form_arrange", part.pk), {"act": "remove:0"})
            reader.post(url("form_discard", part.pk))
            assert standing(part) == before

    def test_a_decider_opens_no_page_of_the_editor(
        self, city: City, part: FormDefinition
    ) -> None:
        decider, before = Reader(city.decider), standing(part)
        assert "删除" not in decider.get(url("form", part.pk))
        decider.get(url("form_field", part.pk, 0, 0), status=403)
        decider.post(url("form_field", part.pk, 0, 0), WORDS, status=403)
        assert (standing(part)[0], part.state) == before[:2]


class TestSections:
    def test_a_section_is_added_worded_moved_and_removed(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_section_new", part.pk)
        sent = {**entries(officer.get(place)), "title_zh": "设备", "title_en": "Devices"}
        officer.post(place, sent)
        part.refresh_from_db()
        assert part.content["sections"][1] == {
            "key": "section_1",
            "fields": [],
            "title": {"zh": "设备", "en": "Devices"},
            "hint": {"zh": "", "en": ""},
        }

        place = url("form_section", part.pk, 1)
        sent = {**entries(officer.get(place)), "title_zh": "设备和系统", "key": "devices"}
        officer.post(place, sent)
        self._act(officer, part, "up:1")
        assert [s["key"] for s in part.content["sections"]] == ["devices", "people"]
        self._act(officer, part, "remove:0")
        assert [s["key"] for s in part.content["sections"]] == ["people"]

    def test_a_section_of_the_procedure_stays_and_says_so(
        self, city: City, officer: Reader
    ) -> None:
        draft = drafted(city)
        assert "不能删除" in officer.get(url("form", draft.pk))
        before = standing(draft)
        self._act(officer, draft, "remove:0")
        self._act(officer, draft, "remove:0:0")
        assert standing(draft)[:2] == before[:2]

    @pytest.mark.parametrize("act", ["", "up", "up:x", "up:9", "drop:0", "up:0:0:0", "up:99999"])
    def test_a_button_that_is_not_there_does_nothing(
        self, officer: Reader, part: FormDefinition, act: str
    ) -> None:
        before = standing(part)
        self._act(officer, part, act)
        assert standing(part) == before

    def _act(self, officer: Reader, draft: FormDefinition, act: str) -> None:
        sent = {"revision": revision_of(draft), "act": act}
        officer.post(url("form_arrange", draft.pk), sent)
        draft.refresh_from_db()


class TestFields:
    @pytest.mark.parametrize("kind", definition.TYPES)
    def test_a_field_of_every_type_is_added(
        self, officer: Reader, part: FormDefinition, kind: str
    ) -> None:
        place = f"{url('form_field_new', part.pk, 0)}?type={kind}"
        officer.post(place, {**entries(officer.get(place)), **WORDS})
        made = fields_of(part)[-1]
        assert made["type"] == kind
        assert made["label"] == {"zh": "系统清单", "en": "Systems"}
        place = url("form_field", part.pk, 0, 3)
        again = officer.get(place)
        officer.post(place, {**entries(again), **WORDS, "key": made["key"], "stay": "1"})
        assert fields_of(part)[-1] == made

    def test_a_table_with_its_columns_is_made(self, officer: Reader, part: FormDefinition) -> None:
        place = f"{url('form_field_new', part.pk, 0)}?type=TABLE"
        sent = {
            **entries(officer.get(place)), **WORDS, "required": "on", "rows_max": "5",
            "columns-0-key": "name", "columns-0-type": "TEXT", "columns-0-zh": "名称",
            "columns-0-en": "Name", "columns-0-required": "1",
            "columns-1-key": "kind", "columns-1-type": "OPTION", "columns-1-zh": "类别",
            "columns-1-en": "Kind", "columns-1-options": "APP|应用|Application; DB|数据库",
        }  # fmt: skip
        officer.post(place, sent)

        made = fields_of(part)[-1]
        assert (made["required"], made["rows_max"]) == (True, 5)
        assert made["columns"] == [
            {"key": "name", "type": "TEXT", "label": {"zh": "名称", "en": "Name"},
             "required": True},
            {"key": "kind", "type": "OPTION", "label": {"zh": "类别", "en": "Kind"},
             "options": [{"value": "APP", "label": {"zh": "应用", "en": "Application"}},
                         {"value": "DB", "label": {"zh": "数据库", "en": "数据库"}}]},
        ]  # fmt: skip
        assert "可以发布" in officer.get(url("form", part.pk))

    def test_settings_of_a_number_are_kept_as_numbers(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = f"{url('form_field_new', part.pk, 0)}?type=NUMBER"
        sent = {**entries(officer.get(place)), **WORDS, "least": "-5", "most": "10",
                "unit_zh": "吨", "unit_en": "t"}  # fmt: skip
        officer.post(place, sent)
        made = fields_of(part)[-1]
        assert (made["least"], made["most"], made["unit"]) == (-5, 10, {"zh": "吨", "en": "t"})

    def test_a_field_is_shown_when_a_choice_before_it_has_a_value(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_field", part.pk, 0, 2)
        shown = officer.get(place)
        assert 'value="shift:NIGHT"' in shown
        sent = {**entries(shown), **WORDS, "condition": ["shift:DAY", "shift:NIGHT"]}
        officer.post(place, sent)
        assert fields_of(part)[2]["visible_when"] == {"field": "shift", "values": ["DAY", "NIGHT"]}
        assert "仅在以下情况显示" in officer.get(url("form", part.pk))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"condition": ["shift:NOON"]},
            {"condition": ["nowhere:X"]},
            {"length_max": "many"},
            {"label_zh": "字" * 201},
            {"key": "k" * 41},
            {"home": "9"},
        ],
    )
    def test_what_cannot_be_stored_is_told_and_changes_nothing(
        self, city: City, officer: Reader, part: FormDefinition, wrong: dict[str, Any]
    ) -> None:
        content = {"sections": [*part.content["sections"], section("more", field("x"))]}
        edit(city, part, content=content)
        place = url("form_field", part.pk, 0, 2)
        sent = {**entries(officer.get(place)), **WORDS, "home": "0", **wrong}
        before = standing(part)
        answer = officer.post(place, sent, status=422).content.decode()
        assert standing(part) == before
        assert 'value="Systems"' in answer

    def test_what_is_unsound_is_saved_and_told_at_the_field(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_field", part.pk, 0, 0)
        officer.post(place, {**entries(officer.get(place)), **WORDS, "key": "Schlecht"})
        assert fields_of(part)[0]["options"] == []
        for page in (url("form", part.pk), url("form_field", part.pk, 0, 0)):
            assert "小写" in officer.get(page)

    def test_a_field_moves_to_another_section(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        edit(city, part, content={"sections": [PART, section("more", field("x"))]})
        place = url("form_field", part.pk, 0, 2)
        officer.post(place, {**entries(officer.get(place)), **WORDS, "key": "notes", "home": "1"})
        assert [f["key"] for f in fields_of(part, 1)] == ["x", "notes"]
        assert [f["key"] for f in fields_of(part, 0)] == ["shift", "contact"]

    def test_an_entry_of_the_procedure_changes_its_words_only(
        self, city: City, officer: Reader
    ) -> None:
        draft = drafted(city)
        place = url("form_field", draft.pk, 0, 0)
        shown = officer.get(place)
        assert "办理程序" in shown
        sent = {**entries(shown), **WORDS, "key": "other", "condition": ["purpose_class:INDUSTRY"],
                "home": "1", "length_max": "60"}  # fmt: skip
        officer.post(place, sent)
        made = fields_of(draft)[0]
        assert (made["key"], made["bind"], made["required"]) == (
            ("scenario_name", "scenario_name", True)
        )
        assert (made["label"]["zh"], made["length_max"]) == ("系统清单", 60)
        assert "visible_when" not in made

    def test_a_type_there_is_not_and_a_place_there_is_not_are_not_found(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        officer.get(f"{url('form_field_new', part.pk, 0)}?type=SCRIPT", status=404)
        officer.get(url("form_field", part.pk, 0, 9), status=404)
        officer.get(url("form_field", part.pk, 9, 0), status=404)
        officer.get(url("form_section", part.pk, 9), status=404)


class TestConflicts:
    def test_the_second_editor_keeps_what_was_entered_and_sees_what_stands_there(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_field", part.pk, 0, 2)
        seen = entries(officer.get(place))
        officer.post(place, {**seen, "label_zh": "先写的", "label_en": "first", "key": "notes"})
        before = standing(part)

        sent = {**seen, "label_zh": "后写的", "label_en": "second", "key": "notes"}
        answer = officer.post(place, sent, status=409).content.decode()

        assert standing(part) == before
        assert city.case.full_name in answer
        assert 'value="后写的"' in answer
        assert "先写的 / first" in answer
        officer.post(place, {**sent, **entries(answer)})
        assert fields_of(part)[2]["label"]["zh"] == "后写的"

    def test_a_field_that_others_moved_is_found_again(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_field", part.pk, 0, 2)
        seen = entries(officer.get(place))
        move = {"revision": revision_of(part), "act": "up:0:2"}
        officer.post(url("form_arrange", part.pk), move)
        sent = {**seen, **WORDS, "key": "notes"}
        answer = officer.post(place, sent, status=409).content.decode()
        officer.post(place, {**sent, **entries(answer)})
        assert [f["key"] for f in fields_of(part)] == ["shift", "notes", "contact"]
        assert fields_of(part)[1]["label"]["zh"] == "系统清单"

    def test_a_field_that_others_removed_is_added_anew_by_who_wants_it(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_field", part.pk, 0, 2)
        seen = entries(officer.get(place))
        remove = {"revision": revision_of(part), "act": "remove:0:2"}
        officer.post(url("form_arrange", part.pk), remove)
        sent = {**seen, **WORDS, "key": "notes"}
        answer = officer.post(place, sent, status=409).content.decode()
        assert [f["key"] for f in fields_of(part)] == ["shift", "contact"]
        assert 'value="系统清单"' in answer
        officer.post(place, {**sent, **entries(answer)})
        assert [f["key"] for f in fields_of(part)] == ["shift", "contact", "notes"]

    @pytest.mark.parametrize("name", ["form_basis", "form_import", "form_section"])
    def test_every_form_of_the_editor_is_guarded(
        self, city: City, officer: Reader, part: FormDefinition, name: str
    ) -> None:
        place = url(name, part.pk, *([0] if name == "form_section" else []))
        seen = entries(officer.get(place))
        document = officer.get(url("form_export", part.pk))
        edit(city, part, legal_basis="别人写的依据")
        before = standing(part)
        sent = {**seen, "legal_basis": "我写的依据", "text": document, "title_zh": "我的标题"}
        answer = officer.post(place, sent, status=409).content.decode()
        assert standing(part) == before
        assert city.case.full_name in answer

    def test_a_button_on_an_old_page_moves_nothing(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        seen = revision_of(part)
        edit(city, part, legal_basis="别人写的依据")
        before = standing(part)
        officer.post(url("form_arrange", part.pk), {"revision": seen, "act": "remove:0:0"})
        assert standing(part) == before
