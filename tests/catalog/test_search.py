"""The public catalog: what is found, counted, shown and kept back."""

from __future__ import annotations

import pytest

from catalog import actions, queries
from core.errors import NotFound
from tests.catalog.conftest import describe, walk
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(city, clean_file):
    for code, domain in (("D14", "TRANSPORT"), ("D15", "MUNICIPAL")):
        title = {"D14": "地铁站点客流", "D15": "供水用水量"}[code]
        dataset = describe(city, code=code, domain=domain, title=title)
        walk(dataset, city, until="PUBLISHED", file=clean_file)
    describe(city, code="D16", title="地铁草稿")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["D14", "D15"]),
        ("地铁", ["D14", "D15"]),
        ("客流", ["D14", "D15"]),
        ("站点客流", ["D14"]),
        ("用水 供水", ["D15"]),
        ("d14", ["D14"]),
        ("进站人次", ["D14", "D15"]),
        ("没有这样的", []),
        ("%", []),
    ],
)
def test_text_is_looked_for_in_titles_fields_and_provider(two, text, codes):
    assert [row.code for row in queries.search(text=text).rows] == codes


def test_facets_count_what_their_values_would_leave(two):
    page = queries.search(filters={"domain": ["TRANSPORT"]})
    assert [row.code for row in page.rows] == ["D14"]
    domains = {v.value: (v.count, v.chosen) for v in page.facets["domain"]}
    assert domains == {"TRANSPORT": (1, True), "MUNICIPAL": (1, False)}
    assert [(v.value, v.count) for v in page.facets["level"]] == [("L2", 1)]


def test_unknown_filters_match_nothing_and_pages_are_bounded(two):
    assert queries.search(filters={"state": ["DRAFT"]}).total == 0
    assert queries.search(filters={"level": ["L9"]}).total == 0
    assert queries.search(page=99).page == 1


def test_a_search_is_a_bounded_number_of_queries(two, queries_of):
    assert queries_of(lambda: queries.search(text="地铁")) <= 8


def test_a_draft_is_told_to_nobody_but_its_desks(two, city):
    for actor in (None, city.stranger.__class__(username="x")):
        with pytest.raises(NotFound):
            queries.dataset_page(code="D16", actor=actor)
    assert queries.dataset_page(code="D16", actor=city.officer).state == "DRAFT"
    with pytest.raises(NotFound):
        queries.dataset_for_application("D16")


def test_the_page_shows_a_sample_of_harmless_fields_only(two):
    page = queries.dataset_page(code="D14", actor=None)
    assert (page.row_count, page.version, page.applicable) == (3, 1, True)
    assert page.sample is not None
    assert page.sample.rows[0] == ("DT1-01", "0")


@pytest.mark.parametrize(
    "changes", [{"requires_consent": True}, {"delivery_modes": ["VERIFY_ONLY"]}]
)
def test_data_that_needs_consent_or_is_verified_only_shows_no_sample(city, clean_file, changes):
    dataset = describe(city, **changes)
    walk(dataset, city, until="PUBLISHED", file=clean_file)
    assert queries.dataset_page(code=dataset.code, actor=None).sample is None


def test_what_an_application_needs_is_there(published):
    facts = queries.dataset_for_application(published.code)
    assert (facts.level, facts.version, facts.provider_name) == ("L2", 1, "无锡市地铁集团")
    assert [f.name for f in queries.fields_of(published.id)] == ["station", "passengers"]


def test_a_suspended_dataset_is_found_but_cannot_be_applied_for(published, city):
    actions.suspend_dataset(dataset_id=published.id, reason="核查", actor=city.supervisor, at=NOON)
    [row] = queries.search().rows
    assert row.suspended
    assert not queries.dataset_page(code=published.code, actor=None).applicable
