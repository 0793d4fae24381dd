"""The clause library: versions, two people, and a text that never changes behind a signature."""

from __future__ import annotations

import re
from typing import Any

import pytest

from contracts import actions, reference
from contracts.clauses import library, variables
from contracts.clauses.language import (
    ClauseInvalid,
    Paragraph,
    dump_paragraphs,
    names_in,
    problems_of,
    render,
)
from contracts.errors import DraftOpen, NoClause, NothingChanged
from contracts.models import Agreement, BaseTemplate, ClauseVersion
from contracts.models.template import ContractForm
from contracts.queries.templates import pinned_clauses, template_in_force
from contracts.terms import TERM_NAMES, parse
from contracts.wording import TextFacts, full_text, text_hash
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from tests.builders.contracts import FINALIZED, OPENED
from tests.contracts.conftest import Case
from tests.contracts.test_wording import FACTS, merged

STAGE = "negotiating"
NAMES = {*variables.entry_paths(), *variables.PASSAGES}
VALUES = {
    "a.b": (5, "五"), "a.none": (None, ""), "kind": ("COURT", "法院"), "list": ([1], ["甲", "乙"]),
}  # fmt: skip


def retention(text: str) -> list[dict[str, str]]:
    """Return a wording of the clause on retention with another first sentence."""
    old = dump_paragraphs(library.FIRST["retention"].paragraphs)
    return [{"text": text}, *old[1:]]


def drafted(who: Any, *, code: str = "retention", **changes: Any) -> ClauseVersion:
    newest = ClauseVersion.objects.filter(code=code).order_by("-version").first()
    assert newest is not None
    said = {
        "title": newest.title, "paragraphs": newest.paragraphs, "forms": newest.forms,
        "procedures": newest.procedures, "legal_basis": newest.legal_basis, "note": "修订",
    }  # fmt: skip
    return actions.draft_clause(code=code, actor=who, at=OPENED, **(said | changes))


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("paragraph", "expected"),
        [
            (Paragraph("共{a.b}日。"), ("共五日。",)),
            (Paragraph("甲[a.b?乙{a.b}][a.none?丙][!a.none?丁]。"), ("甲乙五丁。",)),
            (Paragraph("向[kind=COURT?法院][kind=ARBITRATION?仲裁]提出"), ("向法院提出",)),
            (Paragraph("有", when="a.b&!a.none"), ("有",)),
            (Paragraph("无", when="a.b&a.none"), ()),
            (Paragraph("（{item}）", each="list"), ("（甲）", "（乙）")),
            (Paragraph("{list}"), ("甲、乙",)),
        ],
    )
    def test_says_what_applies(self, paragraph: Paragraph, expected: tuple[str, ...]) -> None:
        assert render([paragraph], values=VALUES) == expected

    @pytest.mark.parametrize(
        "paragraph",
        [
            Paragraph("{a.c}"),
            Paragraph("[a.c?有]"),
            Paragraph("[a.b?甲[a.b?乙]]"),
            Paragraph("甲{a.b"),
            Paragraph("甲[a.b乙]"),
            Paragraph("{item}"),
            Paragraph("甲", when="a.b>5"),
            Paragraph("甲", each="a.b"),
            Paragraph(" "),
            Paragraph("长" * 2_001),
        ],
    )
    def test_refuses_what_it_cannot_say(self, paragraph: Paragraph) -> None:
        assert problems_of([paragraph], words=VALUES, lists=["list"])
        assert problems_of([], words=VALUES, lists=[])

    def test_of_a_value_never_becomes_a_passage_of_its_own(self) -> None:
        sly = {"name": ("x", "[a.b?藏]{kind}"), **VALUES}

        assert render([Paragraph("{name}")], values=sly) == ("[a.b?藏]{kind}",)


class TestTheFirstLibrary:
    @pytest.mark.parametrize("code", sorted(library.FIRST))
    def test_is_written_without_a_mistake_and_on_a_legal_basis(self, code: str) -> None:
        first = library.FIRST[code]

        assert problems_of(first.paragraphs, words=NAMES, lists=variables.LISTS) == []
        assert first.legal_basis
        assert not re.search(r"[（(]此处|示范文本|GF-", str(first.paragraphs))

    @pytest.mark.parametrize("form", ContractForm.values)
    def test_words_every_term_once_in_every_form(self, form: str) -> None:
        codes = library.order_of(form)

        assert sorted(t for c in codes if (t := library.FIRST[c].term)) == sorted(TERM_NAMES)
        assert all(form in library.FIRST[code].forms for code in codes)
        assert len(set(codes)) == len(codes)

    def test_names_every_entry_of_the_terms_that_parties_can_state(self) -> None:
        used = {name for first in library.FIRST.values() for name in names_in(first.paragraphs)}
        by_passage = {  # entries that a longer passage words
            "scope.datasets", "quota.every", "quota.datasets", "fee.datasets",
            "quality_sla.datasets",
            "delivery.clients_max", "retention.backup_days", "audit.notice_working_days",
            "quality_sla.repair_working_days", "quality_sla.availability_permille",
            "fee.confirm_working_days", "reporting.due_working_days", "evaluation.weights",
            "change.unilateral_causes",
        }  # fmt: skip
        not_in_words = {  # facts of the gate and the procedure, not promises of a party
            "delivery.reviewed_clients_only", "consent.evidence", "fee.tax_inclusive",
            "change.new_scenario_needs_application", "dispute.law", "audit.inspection",
        }  # fmt: skip
        entries = {f"{t}.{p}" for t in TERM_NAMES for p, _op in reference.entries_of(t)}
        left = {
            path for path in entries - used - not_in_words
            if not any(path == one or path.startswith(f"{one}.") for one in by_passage)
        }  # fmt: skip

        assert left == set()

    def test_words_what_the_second_version_of_the_schema_added(self) -> None:
        stated = parse(
            {
                "scope": {"datasets": [{"code": "D01", "period_field": "name",
                                        "period_from": "2025-01-01", "period_to": "2025-12-31"}]},
                "quota": {"every": {"per_total": 3_000_000}},
                "delivery": {"recipients": ["授信系统"], "endpoint": "https://kaifang.example/d01"},
                "region": {"storage": ["320200"], "processing": ["320214"]},
                "onward_transfer": {"consents": {"某云公司": "同意书1号"}},
                "fee": {"datasets": {"D01": {"cap_yuan": "0.06"}},
                        "cap_reference": "锡价〔2026〕1号"},
                "quality_sla": {"credit_percent": 5},
                "desensitization": {"k_min": 5},
                "derived_ip": {"exceptions": ["训练所得的通用模型"]},
                "reporting": {"template": "报告格式一"},
            }
        )  # fmt: skip
        from contracts.terms import strictest

        text = full_text(terms=strictest(merged(), stated), facts=FACTS)

        for words in (
            "总计不超过3,000,000次", "授信系统", "https://kaifang.example/d01", "无锡市新吴区",
            "仅限企业名称自2025-01-01起至2025-12-31止的记录", "锡价〔2026〕1号", "0.06元", "减收5%",
            "不少于5个", "训练所得的通用模型", "报告格式一", "总量用完后",
        ):  # fmt: skip
            assert words in text


@pytest.mark.django_db
class TestAVersion:
    def test_is_published_by_another_person_and_then_in_force(self, case: Case) -> None:
        city, _agreement = case
        clause = drafted(city.case, paragraphs=retention("乙方留存不超过{retention.days}日。"))

        assert (clause.version, clause.state) == (2, "DRAFT")
        with pytest.raises(Forbidden):
            actions.publish_clause(clause_id=clause.pk, actor=city.case, at=OPENED)
        assert ClauseVersion.objects.get(pk=clause.pk).state == "DRAFT"
        actions.publish_clause(clause_id=clause.pk, actor=city.decider, at=OPENED)
        with pytest.raises(NotAllowedNow):
            actions.publish_clause(clause_id=clause.pk, actor=city.decider, at=OPENED)
        pinned = pinned_clauses(template=template_in_force(kind="P1"))
        assert {c.code: c.version for c in pinned}["retention"] == 2

    def test_changes_no_text_that_was_drafted_before(self, case: Case) -> None:
        city, agreement = case
        before = Agreement.objects.get(pk=agreement.pk)
        facts = TextFacts.load(before.facts)
        text = full_text(terms=parse(before.terms), facts=facts)

        clause = drafted(city.case, paragraphs=retention("措辞完全不同{retention.days}日。"))
        actions.publish_clause(clause_id=clause.pk, actor=city.decider, at=OPENED)

        now = Agreement.objects.get(pk=agreement.pk)
        assert full_text(terms=parse(now.terms), facts=TextFacts.load(now.facts)) == text
        assert "措辞完全不同" not in text
        assert text_hash(terms=parse(now.terms), facts=facts) == now.text_hash == before.text_hash
        assert {c.version for c in facts.clauses} == {1}
        # It is closed and signed as it stands.
        actions.finalize_agreement(agreement_id=now.pk, actor=city.officer, at=FINALIZED)
        # A text drafted now has the new words and another hash.
        fresh = TextFacts.load(
            now.facts
            | {"clauses": [c.dump() for c in pinned_clauses(template=template_in_force(kind="P1"))]}
        )
        assert "措辞完全不同" in full_text(terms=parse(now.terms), facts=fresh)
        assert text_hash(terms=parse(now.terms), facts=fresh) != now.text_hash

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"paragraphs": [{"text": "留存{retention.dayz}日"}]}, ClauseInvalid),
            ({"paragraphs": [{"text": "留存", "colour": "red"}]}, ClauseInvalid),
            ({"paragraphs": []}, ClauseInvalid),
            ({"legal_basis": " "}, InvalidInput),
            ({"title": ""}, InvalidInput),
            ({"forms": ["MARRIAGE"]}, InvalidInput),
            ({"procedures": []}, InvalidInput),
            ({}, NothingChanged),
        ],
    )
    def test_that_does_not_fit_is_refused_and_nothing_is_written(
        self, case: Case, changes: dict[str, Any], error: type[Exception]
    ) -> None:
        city, _agreement = case
        before = ClauseVersion.objects.count()

        with pytest.raises(error):
            drafted(city.case, **changes)

        assert ClauseVersion.objects.count() == before

    def test_of_a_clause_that_is_not_in_the_library_is_not_found(self, case: Case) -> None:
        city, _agreement = case
        before = ClauseVersion.objects.count()

        with pytest.raises(NotFound):
            actions.draft_clause(
                code="weather", title="天气", paragraphs=[{"text": "晴"}], forms=["PROVISION"],
                procedures=["P1"], legal_basis="无", note="", actor=city.case, at=OPENED,
            )  # fmt: skip

        assert ClauseVersion.objects.count() == before

    def test_is_drafted_by_the_authority_only_and_one_at_a_time(self, case: Case) -> None:
        city, _agreement = case
        before = ClauseVersion.objects.count()
        for stranger in (city.agent, city.officer, city.leader, city.stranger):
            with pytest.raises(Forbidden):
                drafted(stranger, note="x", title="另一标题")
        assert ClauseVersion.objects.count() == before

        drafted(city.case, title="留存期限")
        with pytest.raises(DraftOpen):
            drafted(city.decider, title="留存")
        assert ClauseVersion.objects.count() == before + 1

    def test_a_second_installation_installs_nothing(self, case: Case) -> None:
        city, _agreement = case

        assert actions.install_clauses(actor=city.case, at=OPENED) == ()
        assert set(BaseTemplate.objects.values_list("kind", "form")) == {
            ("P1", "PROVISION"), ("P2", "PROCESSING"), ("P2", "FUSION"), ("P3", "INTERMEDIARY"),
        }  # fmt: skip


@pytest.mark.django_db
class TestATemplate:
    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ("PROCESSING", ("公共数据委托处理服务协议", "（委托方）", "不得自行决定", "返还证明")),
            ("FUSION", ("公共数据融合开发协议", "融合开发方", "概念验证", "双方共有")),
            ("INTERMEDIARY", ("公共数据交易中介服务协议", "中介方", "20‰", "绕开乙方")),
        ],
    )
    def test_of_every_form_gives_a_text_of_its_own(
        self, case: Case, form: str, words: tuple[str, ...]
    ) -> None:
        from dataclasses import replace

        from contracts.statements import merge_all
        from tests.contracts.test_wording import REQUEST, granted

        kind = {"INTERMEDIARY": "P3"}.get(form, "P2")
        template = template_in_force(kind=kind, form=form)
        terms = merge_all(template=template.terms, datasets=[granted()], request=REQUEST).terms
        facts = replace(
            FACTS, clauses=pinned_clauses(template=template), title=template.title,
            provider_role=template.provider_role, licensee_role=template.licensee_role, schema=2,
        )  # fmt: skip

        text = full_text(terms=terms, facts=facts)

        assert "None" not in text
        for word in words:
            assert word in text, word

    @pytest.mark.parametrize(
        ("clauses", "said"),
        [
            (["definitions", "weather"], "weather"),
            ([*library.PROVISION, "listing"], "listing"),
            ([c for c in library.PROVISION if c != "fee"], "."),
            ([*library.PROVISION, "fee"], "."),
        ],
    )
    def test_whose_clauses_do_not_fit_is_refused_and_nothing_is_written(
        self, case: Case, clauses: list[str], said: str
    ) -> None:
        city, _agreement = case
        first = template_in_force(kind="P1")
        before = BaseTemplate.objects.count()

        with pytest.raises(InvalidInput, match=said):
            actions.draft_base_template(
                kind="P1", terms=first.terms, locked=first.locked, clauses=clauses,
                actor=city.case, at=OPENED,
            )  # fmt: skip

        assert BaseTemplate.objects.count() == before

    def test_without_a_version_in_force_of_a_clause_drafts_nothing(self, case: Case) -> None:
        template = template_in_force(kind="P1")
        template.clauses = [*template.clauses, "weather"]

        with pytest.raises(NoClause, match="weather"):
            pinned_clauses(template=template)
