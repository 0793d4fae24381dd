"""Making a version of the form: two editors, two publishers, documents; refusals write nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from applications import actions, queries
from applications.errors import FormChanged
from applications.models import FormDefinition
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from tests.applications.form_editor_support import AT, drafted, edit, revision_of
from tests.applications.form_support import field, section
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City


def refuses_text(draft: FormDefinition, error: type[Exception], call: Callable[[], Any]) -> Any:
    """Check that a call is refused and that no act, no letter of the text is stored."""
    before = revision_of(draft)
    raised = refuses(draft, error, call)
    assert revision_of(draft) == before
    return raised


@pytest.mark.django_db
class TestEdit:
    def test_the_second_of_two_editors_is_told_who_was_first_and_when(self, city: City) -> None:
        draft = drafted(city, "D01")
        seen = revision_of(draft)
        edit(city, draft, content={"sections": [section("one", field("a"))]}, revision=seen)

        error = refuses_text(draft, FormChanged, lambda: edit(
            city, draft, content={"sections": [section("two", field("b"))]}, revision=seen
        ))  # fmt: skip

        assert city.case.full_name in str(error)
        assert f"{AT:%Y-%m-%d}" in str(error)
        assert draft.content["sections"][0]["key"] == "one"

    def test_an_unsound_version_is_saved_and_says_what_is_wrong(self, city: City) -> None:
        draft = drafted(city, "D01")
        edit(city, draft, content={"sections": [section("one", field("Bad key"))]})
        page = queries.form_page(definition_id=draft.pk, actor=city.case, at=AT)
        assert list(page.problems) == ["Bad key"]

    @pytest.mark.parametrize(
        ("content", "path"),
        [
            ({"sections": [section("one", field("a", onclick="x"))]},
             "sections[0].fields[0].onclick"),
            ({"sections": "none"}, "sections"),
            ({"sections": [section("one", field("a", label={"zh": "\x00", "en": ""}))]},
             "sections[0].fields[0].label.zh"),
        ],
    )  # fmt: skip
    def test_what_no_definition_can_hold_is_refused(
        self, city: City, content: dict[str, Any], path: str
    ) -> None:
        draft = drafted(city, "D01")
        error = refuses_text(draft, InvalidInput, lambda: edit(city, draft, content=content))
        assert list(error.fields) == [path]

    @pytest.mark.parametrize("basis", ["  ", "据" * 301])
    def test_a_version_says_its_legal_basis_in_few_words(self, city: City, basis: str) -> None:
        draft = drafted(city, "D01")
        error = refuses_text(draft, InvalidInput, lambda: edit(city, draft, legal_basis=basis))
        assert list(error.fields) == ["legal_basis"]

    def test_only_the_case_officers_edit(self, city: City) -> None:
        draft = drafted(city, "D01")
        refuses_text(draft, NotFound, lambda: edit(city, draft, actor=city.agent))
        before = revision_of(draft)
        with pytest.raises(Forbidden):
            edit(city, draft, content={"sections": []}, actor=city.decider)
        assert revision_of(draft) == before

    def test_a_published_version_is_not_edited(self, city: City) -> None:
        draft = drafted(city)
        actions.publish_form(
            definition_id=draft.pk, effective_on=AT.date(), actor=city.decider, at=AT
        )
        before = revision_of(draft)
        with pytest.raises(NotAllowedNow):
            edit(city, draft, content={"sections": []})
        assert revision_of(draft) == before


@pytest.mark.django_db
class TestPublish:
    def test_what_is_published_is_what_was_read(self, city: City) -> None:
        draft = drafted(city)
        read = revision_of(draft)
        changed = deepcopy(draft.content)
        changed["sections"][0]["title"]["zh"] = "另一个标题"
        edit(city, draft, content=changed)

        refuses_text(draft, FormChanged, lambda: actions.publish_form(
            definition_id=draft.pk, effective_on=AT.date(), revision=read,
            actor=city.decider, at=AT,
        ))  # fmt: skip
        assert draft.state == "DRAFT"

    def test_a_version_does_not_come_into_force_before_today(self, city: City) -> None:
        draft = drafted(city)
        yesterday = AT.date() - timedelta(days=1)
        error = refuses_text(draft, InvalidInput, lambda: actions.publish_form(
            definition_id=draft.pk, effective_on=yesterday, actor=city.decider, at=AT,
        ))  # fmt: skip
        assert list(error.fields) == ["effective_on"]


@pytest.mark.django_db
class TestDocuments:
    def test_a_version_is_carried_from_one_dataset_to_another(self, city: City) -> None:
        source = drafted(city, "D01")
        edit(city, source, content={"sections": [section("one", field("a"))]}, legal_basis="依据甲")
        page = queries.form_page(definition_id=source.pk, actor=city.case, at=AT)
        target = drafted(city, "D07")

        actions.import_form(
            definition_id=target.pk, document=page.document, revision=revision_of(target),
            actor=city.case, at=AT,
        )  # fmt: skip

        target.refresh_from_db()
        source.refresh_from_db()
        assert (target.content, target.legal_basis) == (source.content, "依据甲")

    @pytest.mark.parametrize("document", [b"[]", b"{}", b"{", b"\xff"])
    def test_what_is_no_document_is_refused(self, city: City, document: bytes) -> None:
        draft = drafted(city, "D01")
        refuses_text(draft, InvalidInput, lambda: actions.import_form(
            definition_id=draft.pk, document=document, revision=revision_of(draft),
            actor=city.case, at=AT,
        ))  # fmt: skip

    def test_a_document_does_not_overwrite_what_was_not_on_screen(self, city: City) -> None:
        draft = drafted(city, "D01")
        page = queries.form_page(definition_id=draft.pk, actor=city.case, at=AT)
        edit(city, draft, content={"sections": [section("one", field("a"))]})
        refuses_text(draft, FormChanged, lambda: actions.import_form(
            definition_id=draft.pk, document=page.document, revision=page.revision,
            actor=city.case, at=AT,
        ))  # fmt: skip

    def test_who_may_not_edit_is_refused_before_the_document_is_read(self, city: City) -> None:
        draft = drafted(city, "D01")
        document = json.dumps({"sections": []}).encode()
        refuses_text(draft, NotFound, lambda: actions.import_form(
            definition_id=draft.pk, document=document, revision="", actor=city.agent, at=AT
        ))  # fmt: skip


@pytest.mark.django_db
class TestQueries:
    def test_who_makes_no_forms_is_told_there_are_none(self, city: City) -> None:
        draft = drafted(city)
        for stranger in (city.agent, city.secretary, city.supervisor):
            with pytest.raises(NotFound):
                queries.form_lines(actor=stranger, at=AT)
            with pytest.raises(NotFound):
                queries.form_page(definition_id=draft.pk, actor=stranger, at=AT)

    def test_the_list_says_what_is_in_force_and_what_is_drafted(self, city: City) -> None:
        draft = drafted(city)
        part = drafted(city, "D07")
        general, of_dataset = queries.form_lines(actor=city.decider, at=AT)
        assert general.in_force is not None
        assert general.in_force.version == 1
        assert general.drafted is not None
        assert general.drafted.id == draft.pk
        assert [row.version for row in general.history] == [2, 1]
        assert (of_dataset.code, of_dataset.in_force) == ("D07", None)
        assert of_dataset.drafted is not None
        assert of_dataset.drafted.id == part.pk

    def test_the_first_version_can_be_read_but_not_edited(self, city: City) -> None:
        first = FormDefinition.objects.get(dataset=None, version=1)
        page = queries.form_page(definition_id=first.pk, actor=city.case, at=AT)
        assert (page.may_edit, page.may_publish, page.problems) == (False, False, {})

    def test_it_is_counted_who_keeps_the_version_they_began_with(self, city: City) -> None:
        draft, part = drafted(city), drafted(city, "D01")
        build.drafted(city)
        build.submitted(city)
        expected = queries.Keepers(drafts=1, cases=1)
        assert queries.keepers_of(definition_id=draft.pk) == expected
        assert queries.keepers_of(definition_id=part.pk) == expected
