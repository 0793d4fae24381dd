"""The text: the same for the same terms, complete, and it says what the terms say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contracts import defaults
from contracts.statements import GrantedDataset, Request, merge_all
from contracts.terms import TERM_NAMES, Terms, TermsIncomplete, dump, parse, strictest
from contracts.wording import PartyFacts, TextFacts, full_text, render_text, text_hash
from core.errors import DomainError

PARTY = PartyFacts(organization_id="1", name="锡城示例征信科技有限公司", uscc="913202000000DEM185")
FACTS = TextFacts(
    number="WX-XY-2026-00001",
    authority="无锡市数据局",
    application_number="WX-SQ-2026-00001",
    decision_number="锡数决〔2026〕1号",
    decided_on=date(2026, 10, 13),
    template="P1-V1",
    licensee=PARTY,
    providers=(replace(PARTY, organization_id="2", name="市市场监管局"),),
)
REQUEST = Request(
    scenario_code="CJ-2026-00001",
    scenario_name="小微企业授信核验",
    purpose_class="INDUSTRY",
    purpose_text="核验登记状态。",
    products="核验报告",
    term_months=12,
    environment="SANDBOX",
    protection_level=3,
    region="江苏省无锡市",
    monthly_quota=400_000,
)


def granted(code: str = "D01", level: str = "L2", **changes: object) -> GrantedDataset:
    from uuid import UUID

    dataset = GrantedDataset(
        dataset_id=UUID(int=int(code[1:])),
        code=code,
        title="企业登记与变更增量",
        provider="市市场监管局",
        level=level,
        version=1,
        update_frequency="DAILY",
        requires_consent=False,
        fields=("uscc", "name"),
        labels=(("uscc", "统一社会信用代码"), ("name", "企业名称")),
        transforms={"name": "mask"},
        filters={"status": ["存续"]},
        profile=defaults.PROFILES.get(code),
    )
    return replace(dataset, **changes)  # type: ignore[arg-type]


def merged(*datasets: GrantedDataset, request: Request = REQUEST) -> Terms:
    return merge_all(
        template=defaults.BASE_P1, datasets=datasets or (granted(),), request=request
    ).terms


def test_words_every_term_once_and_in_order() -> None:
    clauses = render_text(terms=merged(), facts=FACTS)

    assert [c.number for c in clauses] == list(range(1, 26))
    assert sorted(c.term for c in clauses if c.term) == sorted(TERM_NAMES)
    assert all(c.paragraphs for c in clauses)
    assert "None" not in full_text(terms=merged(), facts=FACTS)


def test_same_terms_give_the_same_text_and_another_value_another_hash() -> None:
    one, two = merged(), parse(dump(merged()))
    stricter = strictest(one, parse({"retention": {"days": 7}}))

    assert full_text(terms=one, facts=FACTS) == full_text(terms=two, facts=FACTS)
    assert text_hash(terms=one, facts=FACTS) == text_hash(terms=two, facts=FACTS)
    assert text_hash(terms=stricter, facts=FACTS) != text_hash(terms=one, facts=FACTS)
    assert text_hash(terms=one, facts=replace(FACTS, number="WX-XY-2026-00002")) != text_hash(
        terms=one, facts=FACTS
    )


def test_states_fields_limits_prices_and_sums_in_capitals() -> None:
    text = full_text(terms=merged(granted(), granted("D07", "L3")), facts=FACTS)

    assert "统一社会信用代码（uscc）、企业名称（name）" in text
    assert "企业名称作部分遮蔽处理" in text
    assert "每月第1次至第100,000次每次人民币0.05元（大写：伍分）" in text
    assert "违约金人民币200,000.00元（大写：贰拾万元整）" in text
    assert "D01：每月不超过400,000次" in text
    assert "首次评估于本协议生效满2个月时进行，此后每6个月一次" in text
    assert "提供方式为仅核验" in text


def test_a_price_below_one_fen_is_stated_without_capitals() -> None:
    text = full_text(terms=merged(granted("D13")), facts=FACTS)

    assert "每月人民币500.00元（大写：伍佰元整）" in text
    assert "每次人民币0.005元" in text


def test_a_purpose_of_public_governance_is_free_whatever_the_price_list_says() -> None:
    terms = merged(request=replace(REQUEST, purpose_class="PUBLIC_GOVERNANCE"))

    assert terms.is_free("D01")
    assert "免费提供" in full_text(terms=terms, facts=FACTS)


def test_terms_that_lack_an_entry_make_no_text_and_name_it() -> None:
    lacking = parse({k: v for k, v in dump(merged()).items() if k != "retention"})

    with pytest.raises(TermsIncomplete, match=r"retention\.days"):
        render_text(terms=lacking, facts=FACTS)


def test_nobody_agrees_on_data_of_a_level_that_is_never_open() -> None:
    with pytest.raises(DomainError, match="L4"):
        merged(granted(level="L4"))


def test_facts_survive_storage() -> None:
    assert TextFacts.load(FACTS.dump()) == FACTS
