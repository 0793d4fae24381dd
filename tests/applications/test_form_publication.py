"""A version of the form through its pages: documents, preview, changes, publication."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.models import Application, FormDefinition
from tests.applications.form_editor_support import (
    PART,
    drafted,
    edit,
    entries,
    fields_of,
    standing,
)
from tests.applications.form_support import choice, field, section
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
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


class TestDocuments:
    def test_a_version_is_exported_and_imported(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        document = officer.get(url("form_export", part.pk))
        assert json.loads(document)["format"] == "datadeed-form/1"
        other = drafted(city, "D07")
        place = url("form_import", other.pk)
        file = SimpleUploadedFile("form.json", document.encode())
        officer.post(place, {**entries(officer.get(place)), "file": file})
        assert fields_of(other) == PART["fields"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "二选一"),
            ("{", "document"),
            ('{"format": "x"}', "sections"),
            ("字" * 200_000, "document"),
        ],
    )
    def test_a_bad_document_is_refused_with_the_path_to_the_problem(
        self, officer: Reader, part: FormDefinition, text: str, said: str
    ) -> None:
        place, before = url("form_import", part.pk), standing(part)
        sent = {**entries(officer.get(place)), "text": text}
        answer = officer.post(place, sent, status=422).content.decode()
        assert said in answer
        assert standing(part) == before

    def test_script_in_a_document_is_text_on_every_page(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        evil = "<script>alert(1)</script>"
        bad = field("contact", label={"zh": evil, "en": evil}, help={"zh": evil, "en": evil})
        made = section("people", choice("shift", evil), bad)
        edit(city, part, content={"sections": [{**made, "title": {"zh": evil, "en": evil}}]})
        for name in ("form", "form_preview", "form_changes"):
            shown = officer.get(url(name, part.pk))
            assert evil not in shown
            assert "&lt;script&gt;" in shown


class TestPreview:
    def test_it_is_the_page_an_applicant_sees(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        drawn = officer.get(url("form_preview", part.pk))
        actions.publish_form(
            definition_id=part.pk,
            effective_on=build.SUBMITTED.date(),
            actor=city.decider,
            at=build.SUBMITTED,
        )
        case = build.drafted(city)
        seen = Reader(city.agent).get(url("application_fill", case.pk, "people"))

        def fields(page: str) -> str:
            start = page.index('name="revision"')
            return page[page.index('class="dd-field"', start) : page.index('class="dd-sticky"')]

        assert fields(drawn) == fields(seen)
        assert "栏目contact" in fields(drawn)

    def test_a_check_tells_what_is_missing_and_stores_nothing(
        self, officer: Reader, part: FormDefinition
    ) -> None:
        place, before = url("form_preview", part.pk), standing(part)
        wrong = {"x_shift": "NIGHT", "x_contact": "no address"}
        answer = officer.post(place, wrong, status=200).content.decode()
        assert "请填写电子邮箱" in answer
        hidden = {"x_shift": "DAY", "x_contact": "no address"}
        assert "可以如此提交" in officer.post(place, hidden, status=200).content.decode()
        assert standing(part) == before
        assert not Application.objects.exists()

    def test_the_general_part_and_the_part_of_a_dataset_are_seen_together(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_preview", part.pk)
        assert "应用场景名称" in officer.get(f"{place}?with=general&section=scenario")
        assert "栏目notes" in officer.get(f"{place}?with=general&section=people")
        general = url("form_preview", drafted(city).pk)
        officer.get(f"{general}?with=D01", status=404)
        actions.publish_form(
            definition_id=part.pk,
            effective_on=build.SUBMITTED.date(),
            actor=city.decider,
            at=build.SUBMITTED,
        )
        assert "栏目notes" in officer.get(f"{general}?with=D01&section=people")
        for section_key in ("scenario", "usage", "security"):
            assert "dd-field" in officer.get(f"{general}?section={section_key}")

    @pytest.mark.parametrize("query", ["section=none", "with=D99", "with=D01"])
    def test_what_is_not_there_is_not_found(
        self, officer: Reader, part: FormDefinition, query: str
    ) -> None:
        officer.get(f"{url('form_preview', part.pk)}?{query}", status=404)

    def test_parts_that_cannot_share_a_case_are_named(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        clash = section("people", field("region", "DATE"))
        edit(city, part, content={"sections": [clash]})
        assert "不能出现在同一份申请中" in officer.get(
            f"{url('form_preview', part.pk)}?with=general"
        )

    def test_a_version_without_fields_has_a_preview_that_says_so(
        self, city: City, officer: Reader
    ) -> None:
        draft = drafted(city, "D07")
        place = url("form_preview", draft.pk)
        assert "还没有可显示的栏目" in officer.get(place)
        officer.post(place, {}, status=404)


class TestPublication:
    def test_another_person_publishes_what_the_page_showed(
        self, city: City, officer: Reader, part: FormDefinition
    ) -> None:
        place = url("form_publish", part.pk)
        assert 'name="effective_on"' not in officer.get(place)
        before = standing(part)
        officer.post(place, {"effective_on": "2026-09-14"}, status=403)
        assert standing(part)[:2] == before[:2]

        decider = Reader(city.decider)
        sent = {**entries(decider.get(place)), "effective_on": "2026-09-14"}
        edit(city, part, legal_basis="后来改的依据")
        again = decider.post(place, sent, status=409).content.decode()
        part.refresh_from_db()
        assert part.state == "DRAFT"
        decider.post(place, {**sent, **entries(again)})
        part.refresh_from_db()
        assert (part.state, part.published_by) == ("PUBLISHED", city.decider)
        officer.get(place, status=409)
        officer.get(url("form_basis", part.pk), status=409)

    @pytest.mark.parametrize("day", ["", "yesterday", "2026-09-13"])
    def test_a_day_that_cannot_be_publishes_nothing(
        self, city: City, part: FormDefinition, day: str
    ) -> None:
        decider, before = Reader(city.decider), standing(part)
        place = url("form_publish", part.pk)
        sent = {**entries(decider.get(place)), "effective_on": day}
        decider.post(place, sent, status=422)
        assert standing(part) == before

    def test_an_unsound_version_is_not_published_and_says_why(
        self, city: City, part: FormDefinition
    ) -> None:
        edit(city, part, content={"sections": [section("people", choice("shift"))]})
        decider, before = Reader(city.decider), standing(part)
        place = url("form_publish", part.pk)
        shown = decider.get(place)
        assert "尚待完善" in shown
        sent = {**entries(shown), "effective_on": "2026-09-14"}
        decider.post(place, sent, status=422)
        assert standing(part) == before

    def test_the_changes_are_told_against_the_version_in_force(
        self, city: City, officer: Reader
    ) -> None:
        draft = drafted(city)
        content = draft.content
        content["sections"][0]["fields"][0]["label"]["zh"] = "场景叫什么"
        content["sections"].append(section("more", field("x")))
        edit(city, draft, content=content)
        shown = officer.get(url("form_changes", draft.pk))
        for words in ("与第 1 版相比", "场景叫什么", "应用场景名称 / Name of the scenario", "新增"):
            assert words in shown

    def test_a_version_is_given_up(self, officer: Reader, part: FormDefinition) -> None:
        officer.post(url("form_discard", part.pk))
        part.refresh_from_db()
        assert part.state == "DISCARDED"
        officer.get(url("form_field", part.pk, 0, 0), status=409)
