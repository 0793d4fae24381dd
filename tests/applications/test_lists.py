"""Lists: page, count, search and tabs come from one query, and nobody sees another's case."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from applications import queries
from applications.models import Application
from applications.queries import lists
from applications.queries.filters import Filters, read_filters
from parties.roles import Role
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import person
from workflow import policy

pytestmark = pytest.mark.django_db

AT = build.CONCLUDED


def read(**values: str) -> Filters:
    return read_filters(values=values)


def found(city: City, text: str, who: Any = None) -> list[str]:
    listing = queries.search(actor=who or city.case, at=AT, filters=read(q=text))
    return sorted(row.scenario_name for row in listing.rows)


class TestFilters:
    def test_an_address_without_filters_narrows_nothing(self) -> None:
        assert read() == Filters()
        assert not read().any

    def test_reads_what_an_address_asks_for(self) -> None:
        filters = read(
            q="授信 WX", state="SUBMITTED", dataset="d01", purpose="INDUSTRY",
            **{"from": "2026-09-01", "to": "2026-09-30"},
        )  # fmt: skip
        assert filters.words == ("授信", "WX")
        assert (filters.state, filters.dataset, filters.purpose) == (
            "SUBMITTED", "D01", "INDUSTRY",
        )  # fmt: skip
        assert str(filters.submitted_to) == "2026-09-30"
        assert not filters.ignored

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("q", "授"),
            ("q", "a\x00b c"),
            ("q", " ".join(["词语"] * 9)),
            ("state", "NOWHERE"),
            ("dataset", "D01'; --"),
            ("purpose", "PLEASURE"),
            ("from", "2026-02-30"),
            ("to", "gestern"),
        ],
    )
    def test_names_what_makes_no_sense_and_leaves_it_out(self, name: str, value: str) -> None:
        filters = read(**{name: value})
        assert filters.ignored == (name,)
        if name != "q":
            assert not filters.any

    @pytest.mark.parametrize("value", ["%", "授信%' OR 1=1", "((", "state:", "&&||"])
    def test_an_odd_query_is_answered(self, city: City, value: str) -> None:
        build.submitted(city)
        reader = Reader(city.case)
        assert reader.get(f"{url('application_desk')}?tab=all&q={value}", at=AT)


class TestSearch:
    @pytest.fixture
    def three(self, city: City) -> list[Any]:
        names = ("小微企业授信核验", "供应商准入核验", "路网拥堵预测")
        return [build.submitted(city, scenario_name=name) for name in names]

    def test_finds_any_part_of_a_chinese_name(self, city: City, three: list[Any]) -> None:
        assert found(city, "核验") == ["供应商准入核验", "小微企业授信核验"]
        assert found(city, "企业授信") == ["小微企业授信核验"]
        assert found(city, "信授") == []

    def test_finds_a_number_however_it_is_typed(self, city: City, three: list[Any]) -> None:
        number = three[1].number
        assert found(city, number) == ["供应商准入核验"]
        assert found(city, number.lower()) == ["供应商准入核验"]

    def test_finds_a_company_by_name_and_by_the_beginning_of_its_code(
        self, city: City, three: list[Any]
    ) -> None:
        assert len(found(city, city.applicant.name[2:6])) == 3
        assert len(found(city, city.applicant.uscc[:10])) == 3

    def test_every_word_must_fit(self, city: City, three: list[Any]) -> None:
        assert found(city, "核验 授信") == ["小微企业授信核验"]

    def test_shows_nobody_the_case_of_another_company(self, city: City, three: list[Any]) -> None:
        assert found(city, "核验", city.stranger) == []
        assert found(city, "核验", city.agent) == ["供应商准入核验", "小微企业授信核验"]


class TestOneQuery:
    @pytest.fixture
    def many(self, city: City) -> None:
        build.drafted(city)
        for make in (build.submitted, build.accepted, build.reviewed, build.secured):
            make(city)
        build.concluded(city)
        build.approved_application(city)

    @pytest.mark.parametrize(
        "name", ["agent", "case", "decider", "security", "secretary", "stranger", "officer"]
    )
    def test_page_count_and_rows_of_every_list_are_the_same_cases(
        self, city: City, many: None, name: str
    ) -> None:
        who = getattr(city, name)
        pages = {
            "mine": queries.my_applications,
            "decisions": queries.decision_queue,
            "security": queries.security_queue,
            "agenda": queries.agenda,
        }
        for listed, page in pages.items():
            ids = [c.pk for c in lists.listed(listed, actor=who, at=AT)]
            shown = page(actor=who, at=AT)
            assert [row.id for row in shown.rows] == ids, (name, listed)
            assert shown.total == len(ids)
        searched = queries.search(actor=who, at=AT, filters=Filters())
        visible = {c.pk for c in policy.visible(who, "applications.see_application", Application)}
        assert {row.id for row in searched.rows} == visible

    def test_the_number_on_every_tab_is_the_number_of_its_rows(
        self, city: City, many: None
    ) -> None:
        tabs, _ = queries.desk_queue(actor=city.case, tab="new", at=AT)
        for tab in tabs:
            counted, listing = queries.desk_queue(actor=city.case, tab=tab.key, at=AT)
            own = next(t for t in counted if t.key == tab.key)
            assert own.count == listing.total
            assert tab.count in (None, listing.total), tab.key
        assert [t.key for t in tabs if t.count is None] == ["all"]

    def test_filters_narrow_the_counts_with_the_rows(self, city: City, many: None) -> None:
        one = build.submitted(city, scenario_name="唯一的场景")
        tabs, listing = queries.desk_queue(
            actor=city.case, tab="new", at=AT, filters=read(q="唯一的")
        )
        assert [row.id for row in listing.rows] == [one.pk]
        assert {t.key: t.count for t in tabs}["running"] == 0

    def test_a_case_under_decision_is_never_under_what_is_new(self, city: City) -> None:
        done = build.approved_application(city)[1]
        for tab in ("new", "corrected", "soon", "overdue", "mine", "unassigned", "running"):
            _tabs, listing = queries.desk_queue(actor=city.case, tab=tab, at=AT)
            assert done.pk not in [row.id for row in listing.rows], tab

    def test_who_holds_a_case_finds_it_under_the_own_ones(self, city: City) -> None:
        other = person(city.authority, Role.AUTHORITY_CASE, full_name="另一承办人")
        case = build.accepted(city)
        free = build.submitted(city)

        def under(tab: str, who: Any) -> list[Any]:
            return [r.id for r in queries.desk_queue(actor=who, tab=tab, at=AT)[1].rows]

        assert under("mine", city.case) == [case.pk]
        assert under("mine", other) == []
        assert under("unassigned", other) == [free.pk]


class TestPages:
    def test_the_filters_stand_in_the_form_and_stay_on_the_other_tabs(self, city: City) -> None:
        build.submitted(city, scenario_name="小微企业授信核验")
        page = Reader(city.case).get(
            f"{url('application_desk')}?tab=new&q=授信&dataset=D01", at=AT
        )
        assert 'value="授信"' in page
        assert "?tab=all&amp;q=%E6%8E%88%E4%BF%A1&amp;dataset=D01" in page

    def test_nothing_found_is_said_otherwise_than_nothing_there(self, city: City) -> None:
        reader = Reader(city.agent)
        empty = reader.get(url("applications"), at=AT)
        build.drafted(city)
        filtered = reader.get(f"{url('applications')}?q=没有这样的", at=AT)
        assert "暂无申请" in empty
        assert "没有符合筛选条件的记录" in filtered

    def test_a_page_costs_the_same_for_one_row_and_for_a_full_page(
        self, city: City, queries_of: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "PAGE_ROWS_MAX", 5)
        build.submitted(city)
        desk = lambda: queries.desk_queue(actor=city.case, tab="new", at=AT)  # noqa: E731
        one = queries_of(desk)
        for _ in range(6):
            build.submitted(city)
        assert queries_of(desk) == one
