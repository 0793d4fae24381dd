"""What everyone sees: catalog, dataset, verification, targets."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from parties.roles import Kind, Role
from tests.builders.datasets import D07_FIELDS, published_dataset
from tests.builders.parties import organization, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_datasets() -> None:
    organization(Kind.AUTHORITY, "无锡市数据局")
    organization(Kind.PLATFORM, "平台")
    office = organization(Kind.PROVIDER, "市市场监管局")
    officer = person(office, Role.PROVIDER_OFFICER)
    published_dataset(office, officer, code="D01", title="企业登记与变更增量")
    published_dataset(
        office, officer, code="D07", title="抵押查封状态核验", level="L3", fields=D07_FIELDS
    )


class TestCatalog:
    def test_finds_by_chinese_words_and_by_field(self, client: Client, two_datasets: None) -> None:
        def found(query: str) -> list[str]:
            page = client.get(f"{reverse('portal:catalog')}?{query}")
            return [row.code for row in page.context["found"].rows]

        assert found("q=登记") == ["D01"]
        assert found("q=mortgage_flag") == ["D07"]
        assert found("level=L3") == ["D07"]
        assert found("level=L3&level=L2") == ["D01", "D07"]
        assert found("q=没有这个") == []

    def test_a_filter_in_the_address_is_set_marked_and_can_be_taken_off(
        self, client: Client, two_datasets: None
    ) -> None:
        html = client.get(f"{reverse('portal:catalog')}?q=状态&level=L3").content.decode()

        assert '<a href="?q=%E7%8A%B6%E6%80%81" aria-current="true">' in html

    def test_an_empty_result_says_how_to_go_on(self, client: Client, two_datasets: None) -> None:
        html = client.get(f"{reverse('portal:catalog')}?q=没有这个").content.decode()

        assert "没有符合条件的数据集" in html

    def test_a_page_that_is_no_number_is_the_first(
        self, client: Client, two_datasets: None
    ) -> None:
        for wrong in ("x", "-1", "9999999999999999999999", "²"):
            answer = client.get(reverse("portal:catalog"), {"page": wrong})
            assert answer.status_code == 200
            assert answer.context["page"].number == 1


class TestDataset:
    def test_says_class_level_fields_and_who_may_apply(
        self, client: Client, two_datasets: None
    ) -> None:
        html = client.get(reverse("portal:dataset", args=["D07"])).content.decode()

        for expected in ("抵押查封状态核验", "有条件开放", "mortgage_flag", "申请使用"):
            assert expected in html

    def test_one_that_is_not_there_is_not_found(self, client: Client) -> None:
        assert client.get(reverse("portal:dataset", args=["D99"])).status_code == 404


class TestVerification:
    @pytest.mark.parametrize(
        "number", ["WX-202610-3202-0000012-0", "锡数许〔2026〕99999号", "' OR"]
    )
    def test_a_number_that_is_not_ours_is_named_as_such(self, client: Client, number: str) -> None:
        by_form = client.get(reverse("portal:verify"), {"number": number})
        by_code = client.get(reverse("portal:verify_number", args=[number]))

        for answer in (by_form, by_code):
            assert answer.status_code == 200
            assert "查无此编号的许可证" in answer.content.decode()


class TestTargets:
    def test_shows_both_figures_and_every_unit(self, client: Client) -> None:
        call_command("import_units", "demo/data/targets_2023.csv", verbosity=0)

        html = client.get(reverse("portal:targets")).content.decode()

        assert "2637" in html
        assert "≥ 2240" in html
        assert html.count('<tr><td class="num">') == 68
