"""The search: what it understands, what it finds, and whom it tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, queries
from applications.models import Application
from applications.queries import finding
from tests.applications.test_pages import Reader
from tests.builders import applications as build
from tests.builders.applications import City

AT = build.SUBMITTED


class TestSyntax:
    def test_knows_words_states_and_companies(self) -> None:
        asked = finding.read_search(text='授信 state:submitted applicant:"锡城 征信" 核验')
        assert asked.filters.words == ("授信", "核验")
        assert asked.filters.state == "SUBMITTED"
        assert asked.applicant == "锡城 征信"
        assert not asked.ignored
        assert finding.read_search(text="state:已提交").filters.state == "SUBMITTED"

    @pytest.mark.parametrize(
        "text",
        ["state:MADE_UP", "a", 'applicant:""', "state:", "x " * 9, "\x00", '"', "::", "%_'\\"],
    )
    def test_leaves_out_what_makes_no_sense(self, text: str) -> None:
        asked = finding.read_search(text=text)
        assert not asked.filters.state
        assert not asked.applicant

    @given(st.text(max_size=300))
    def test_no_text_is_an_error(self, text: str) -> None:
        assert len(finding.read_search(text=text).filters.words) <= 6


@pytest.mark.django_db
class TestFinding:
    @pytest.fixture
    def case(self, city: City) -> Application:
        """Return a submitted case."""
        return build.submitted(city)

    def test_finds_by_number_scenario_company_and_code(
        self, city: City, case: Application
    ) -> None:
        other = build.submitted(city, scenario_name="停车诱导")
        for text in (
            case.number, case.number[-6:], "授信核", "授信 state:SUBMITTED",
            f'授信 applicant:"{city.applicant.name[2:6]}"', f"授信 {city.applicant.uscc}",
        ):  # fmt: skip
            found = finding.find_cases(
                actor=city.case, at=AT, asked=finding.read_search(text=text)
            )
            assert [row.id for row in found.rows] == [case.pk], text
        both = finding.read_search(text=f"applicant:{city.applicant.uscc}")
        ids = {row.id for row in finding.find_cases(actor=city.case, at=AT, asked=both).rows}
        assert ids == {case.pk, other.pk}

    @pytest.mark.parametrize("who", ["agent", "legal_rep", "case", "decider", "security",
                                     "officer", "stranger"])  # fmt: skip
    def test_finds_what_the_list_of_that_name_has(self, city: City, who: str) -> None:
        for number in range(3):
            build.submitted(city, scenario_name=f"授信{number}")
        actor = getattr(city, who)
        asked = finding.read_search(text="授信")
        found = finding.find_cases(actor=actor, at=AT, asked=asked)
        listed = queries.listed("search", actor=actor, at=AT, filters=asked.filters)
        assert [row.id for row in found.rows] == [a.pk for a in listed]
        assert found.total == len(found.rows)
        assert bool(found.total) == (who != "stranger" and listed.exists())

    def test_finds_nothing_when_nothing_is_asked(self, city: City, case: Application) -> None:
        for text in ("", "  ", "一"):
            asked = finding.read_search(text=text)
            assert finding.find_cases(actor=city.case, at=AT, asked=asked).total == 0

    def test_only_the_office_finds_by_its_own_reference(
        self, city: City, case: Application
    ) -> None:
        actions.assign_reference(
            application_id=case.pk, reference="锡数受-2026-77", actor=city.case, at=AT
        )
        asked = finding.read_search(text="锡数受-2026-7")
        assert finding.find_cases(actor=city.case, at=AT, asked=asked).total == 1
        assert finding.find_cases(actor=city.agent, at=AT, asked=asked).total == 0

    def test_a_page_of_hits_costs_the_same_however_many_there_are(
        self, city: City, queries_of: Callable[[Callable[[], Any]], int]
    ) -> None:
        reader = Reader(city.case)

        def page() -> str:
            return reader.get("/search/?part=hits&q=授信")

        build.submitted(city, scenario_name="授信一")
        page()
        one = queries_of(page)
        for number in range(4):
            build.submitted(city, scenario_name=f"授信{number}")
        assert queries_of(page) == one <= 30


@pytest.mark.django_db
class TestPage:
    def test_shows_groups_and_nothing_of_another_company(self, city: City) -> None:
        case = build.submitted(city)
        page = Reader(city.case).get("/search/?q=授信")
        assert case.number in page
        assert reverse("portal:application", args=[case.pk]) in page
        assert city.datasets[0].code in Reader(city.case).get(
            f"/search/?q={city.datasets[0].code}"
        )
        for text in ("授信", case.number, city.applicant.name, city.applicant.uscc):
            seen = Reader(city.stranger).get(f"/search/?q={text}")
            assert str(case.pk) not in seen
            assert str(city.applicant.pk) not in seen
            assert "未找到您有权查看的内容" in seen

    @pytest.mark.parametrize(
        "query", ["q=%00", "q=%22", "q=state:%22", "q=(((&page=x", "q=%F0%9F%98%80&page=-1",
                  "q='%20OR%201=1--", "q=%25%25%5C", "page=99999999"]
    )  # fmt: skip
    def test_a_malformed_query_is_no_failure(self, city: City, query: str) -> None:
        client = Reader(city.case).client
        assert client.get(f"/search/?{query}").status_code in (200, 400)

    def test_the_overlay_gets_hits_without_a_page_around_them(self, city: City) -> None:
        build.submitted(city)
        part = Reader(city.case).get("/search/?part=hits&q=授信")
        assert "data-hit" in part
        assert "<html" not in part
        page = Reader(city.case).get(reverse("portal:home"))
        assert 'data-palette="/search/"' in page

    def test_what_was_seen_last_stands_there_before_anything_is_asked(self, city: City) -> None:
        case = build.submitted(city)
        reader = Reader(city.case)
        reader.get(reverse("portal:application", args=[case.pk]))
        assert case.number in reader.get("/search/?part=hits")
