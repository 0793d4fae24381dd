"""The committee: file room, sealed votes, exact counts, two signatures, and who is kept away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, panel, queries
from applications.errors import SignedAnotherText
from applications.models import Application, Minutes, MinutesSignature
from core import clock, hashing
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from tests.applications.panels import AT, declare, page_of, seat, small_rules
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import add_desk
from tests.core.test_documents_renderers import text_of
from workflow.models import Ballot, ReviewRound
from workflow.models.audit import AuditEntry
from workflow.models.outbox import Event
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db


class TestFileRoom:
    def test_opens_with_the_declaration_and_not_before(self, city: City) -> None:
        case = build.secured(city)
        seat(city, case)
        member = city.members[0]
        with pytest.raises(NotFound):
            queries.case_page(application_id=case.pk, actor=member, at=AT)
        paper = case.documents.first()
        assert paper is not None
        with pytest.raises(NotFound):
            queries.document(document_id=paper.pk, actor=member)
        shown = page_of(case, member)
        assert (shown.number, shown.own_status) == (case.number, "waiting")

        declare(case, member)

        assert queries.case_page(application_id=case.pk, actor=member, at=AT).number == case.number
        assert queries.document(document_id=paper.pk, actor=member)

    def test_stays_closed_to_who_is_recused(self, city: City) -> None:
        case = build.secured(city)
        seat(city, case)
        declare(case, city.chair, "配偶任职于申请单位")
        with pytest.raises(NotFound):
            queries.case_page(application_id=case.pk, actor=city.chair, at=AT)
        assert page_of(case, city.secretary).seats[0].status == "recused"

    def test_the_pages_tell_a_barred_member_why_and_give_no_paper(self, city: City) -> None:
        case = build.secured(city)
        seat(city, case)
        declare(case, city.members[0])
        add_desk(city.members[0], city.applicant, "APPLICANT_SECURITY")
        client = Client()
        client.force_login(city.members[0])
        with clock.fixed(AT):
            for name in ("application_vote", "application_file_room"):
                page = client.get(reverse(f"portal:{name}", args=[case.pk])).content.decode()
                assert "您任职于本案申请单位" in page or "本案申请单位" in page
                assert build.SCENARIO["purpose_text"] not in page
            sheet = {f"score_{k}": most for k, most in panel.CRITERIA.items()}
            answer = client.post(
                reverse("portal:application_vote", args=[case.pk]),
                {**sheet, "vote": "FOR", "reason": "可行"},
            )
        assert answer.status_code == 403
        assert not Ballot.objects.exists()


class TestSeal:
    def everything_said(self, case: Application) -> str:
        """Return what records, events and the round itself say, as text."""
        facts = [e.facts for e in AuditEntry.objects.all()] + [e.facts for e in Event.objects.all()]
        rounds_ = [r.conclusion for r in ReviewRound.objects.all()]
        return json.dumps([facts, rounds_], ensure_ascii=False)

    def test_nobody_learns_a_vote_or_a_count_before_the_close(self, city: City) -> None:
        case = build.seated(city)
        for who, ballot in zip(city.panel[:4], ("FOR", "AGAINST", "FOR", "ABSTAIN"), strict=True):
            build.vote(case, who, ballot=ballot, total=87, dissent="保留意见甲")

        for reader in (city.secretary, city.chair, city.members[0], city.decider):
            shown = page_of(case, reader)
            assert shown.conclusion is None
            assert {(s.vote_name, s.total, s.reason, s.dissent) for s in shown.seats} == {
                ("", None, "", "")
            }
            assert shown.own_drafts == ()
        said = self.everything_said(case)
        for secret in ("AGAINST", "ABSTAIN", "mean_hundredths", "保留意见甲", "范围与用途相称"):
            assert secret not in said

        build.vote(case, city.panel[4])
        actions.close_panel(application_id=case.pk, actor=city.chair, at=AT)
        shown = page_of(case, city.members[0])
        assert shown.conclusion is not None
        assert [s.vote_name for s in shown.seats] == ["同意", "不同意", "同意", "弃权", "同意"]

    def test_a_draft_is_its_authors_own_and_comes_back(self, city: City) -> None:
        case = build.seated(city)
        author = city.members[0]

        def save(text: str) -> int:
            return actions.save_sheet(
                application_id=case.pk,
                content={"score_necessity": "99", "reason": text},
                actor=author,
                at=AT,
            )

        assert [save("初稿"), save("初稿"), save("二稿")] == [1, 1, 2]
        kept = page_of(case, author).own_drafts
        assert [d.content["reason"] for d in kept] == ["二稿", "初稿"]
        assert page_of(case, city.chair).own_drafts == ()
        assert "二稿" not in self.everything_said(case)
        build.vote(case, author)
        refuses(case, PanelError, lambda: save("太晚"))

    def test_a_low_score_without_its_reason_is_refused_where_it_stands(self, city: City) -> None:
        case = build.seated(city)
        sheet = {**panel.CRITERIA, "benefit": 5}

        def cast(**reasons: str) -> Any:
            return actions.cast_ballot(
                application_id=case.pk,
                vote="FOR",
                scores=sheet,
                reason="可行",
                criterion_reasons=reasons,
                actor=city.members[0],
                at=AT,
            )

        error = refuses(case, InvalidInput, cast)
        assert set(error.fields) == {"reason_benefit"}  # type: ignore[attr-defined]
        cast(benefit="收益尚不明确")
        assert Ballot.objects.get().criterion_reasons == {"benefit": "收益尚不明确"}


class TestCount:
    def test_each_dataset_has_its_own_result(self, city: City) -> None:
        case = build.seated(city)
        for who in city.panel:
            build.vote(case, who, votes={"D07": "AGAINST"})
        case = build.sign_off(city, case)
        found = case.committee_conclusion
        assert found["passed"] is True
        assert found["items"]["D01"] | {"tie": False} == {
            "for": 5, "against": 0, "abstain": 0, "passed": True, "tie": False,
        }  # fmt: skip
        assert found["items"]["D07"]["passed"] is False
        shown = page_of(case, city.secretary).conclusion
        assert shown is not None
        assert [(i.code, i.passed) for i in shown.items] == [("D01", True), ("D07", False)]

    def test_a_vote_on_a_dataset_that_is_not_before_the_panel_is_refused(self, city: City) -> None:
        case = build.seated(city)
        refuses(
            case, PanelError, lambda: build.vote(case, city.members[0], votes={"D99": "FOR"})
        )
        assert not Ballot.objects.exists()

    @pytest.mark.scenario(41)
    @pytest.mark.parametrize(
        ("rule", "chair", "passed"),
        [("REJECT", "FOR", False), ("CHAIR_DECIDES", "FOR", True),
         ("CHAIR_DECIDES", "AGAINST", False)],
    )  # fmt: skip
    def test_a_quorum_of_three_a_recusal_and_a_tie_by_its_rule(
        self, city: City, rule: str, chair: str, passed: bool
    ) -> None:
        small_rules(tie_rule=rule)
        case = build.secured(city)
        seat(city, case)
        declare(case, city.members[3], "近亲属任职于申请单位")
        for who in city.panel[:4]:
            declare(case, who)
        other = "AGAINST" if chair == "FOR" else "FOR"
        for who, ballot in zip(city.panel[:2], (chair, other), strict=True):
            build.vote(case, who, ballot=ballot)
        close = lambda: actions.close_panel(  # noqa: E731 - said twice below
            application_id=case.pk, actor=city.chair, at=AT
        )
        error = refuses(case, PanelError, close)
        assert "2" in str(error)
        assert "3" in str(error)
        for who, ballot in zip(city.panel[2:4], (chair, other), strict=True):
            build.vote(case, who, ballot=ballot)
        case = build.sign_off(city, case)
        found = case.committee_conclusion
        assert (found["seats"], found["recused"], found["present"]) == (5, 1, 4)
        assert found["passed"] is passed
        assert found["items"]["D01"]["tie"] is True

    def test_a_tie_sent_to_a_second_sitting_is_voted_anew(self, city: City) -> None:
        small_rules(tie_rule="REVOTE")
        case = build.seated(city, members=city.panel[:4])
        for who, ballot in zip(city.panel[:4], ("FOR", "FOR", "AGAINST", "AGAINST"), strict=True):
            build.vote(case, who, ballot=ballot)
        actions.close_panel(application_id=case.pk, actor=city.chair, at=AT)
        shown = page_of(case, city.members[0])
        assert (shown.sitting, shown.open, shown.revote, shown.voted) == (2, True, True, 0)
        assert shown.own_status == "declared"
        assert len(shown.own_drafts) == 1
        assert not Minutes.objects.exists()
        for who in city.panel[:4]:
            build.vote(case, who)
        assert build.sign_off(city, case).committee_conclusion["passed"] is True

    def test_a_sitting_without_a_quorum_is_adjourned_and_its_votes_never_shown(
        self, city: City
    ) -> None:
        case = build.seated(city)
        build.vote(case, city.members[0], ballot="AGAINST")
        refuses(
            case,
            Forbidden,
            lambda: actions.adjourn_panel(
                application_id=case.pk, reason="人数不足", actor=city.members[0], at=AT
            ),
        )
        actions.adjourn_panel(application_id=case.pk, reason="人数不足", actor=city.chair, at=AT)
        shown = page_of(case, city.secretary)
        assert (shown.sitting, shown.adjourned, shown.voted) == (2, "人数不足", 0)
        assert "AGAINST" not in json.dumps([e.facts for e in AuditEntry.objects.all()])
        for who in city.panel:
            build.vote(case, who)
        assert build.sign_off(city, case).committee_conclusion["votes_against"] == 0

    def test_a_round_keeps_the_rules_it_opened_with(self, city: City) -> None:
        case = build.seated(city)
        small_rules(mean_score_min="99.00")
        for who in city.panel:
            build.vote(case, who, total=80)
        assert build.sign_off(city, case).committee_conclusion["passed"] is True


class TestMinutes:
    def closed(self, city: City) -> tuple[Application, Minutes]:
        case = build.seated(city)
        for who in city.panel:
            build.vote(case, who, dissent="建议缩短期限" if who == city.members[0] else "")
        actions.close_panel(application_id=case.pk, actor=city.chair, at=AT)
        return case, Minutes.objects.get(application=case)

    def sign(self, case: Application, who: Any, content_hash: str) -> Any:
        return actions.sign_minutes(
            application_id=case.pk, content_hash=content_hash, actor=who, at=AT
        )

    def test_the_conclusion_takes_effect_with_the_second_signature(self, city: City) -> None:
        case, minutes = self.closed(city)
        assert minutes.content_hash == hashing.digest(bytes(minutes.draft))
        refuses(case, PanelError, lambda: self.sign(case, city.chair, minutes.content_hash))
        refuses(case, SignedAnotherText, lambda: self.sign(case, city.secretary, "0" * 64))
        self.sign(case, city.secretary, minutes.content_hash)
        case.refresh_from_db()
        assert (case.state, case.committee_conclusion) == ("COMMITTEE_REVIEW", None)
        refuses(case, PanelError, lambda: self.sign(case, city.secretary, minutes.content_hash))
        refuses(case, Forbidden, lambda: self.sign(case, city.members[0], minutes.content_hash))

        case = self.sign(case, city.chair, minutes.content_hash)

        assert case.state == "DECISION_PENDING"
        assert case.committee_conclusion["passed"] is True
        paper = case.documents.get(kind="MINUTES")
        assert paper.content_hash == hashing.digest(bytes(paper.file))
        refuses(case, NotAllowedNow, lambda: self.sign(case, city.chair, minutes.content_hash))

    def test_one_person_never_signs_in_both_capacities(self, city: City) -> None:
        case, minutes = self.closed(city)
        add_desk(city.chair, city.committee, "COMMITTEE_SECRETARY")
        refuses(case, PanelError, lambda: self.sign(case, city.chair, minutes.content_hash))
        assert not MinutesSignature.objects.exists()

    def test_the_paper_says_what_the_screen_says(self, city: City, tmp_path: Path) -> None:
        case, _minutes = self.closed(city)
        build.sign_both(city, case)
        paper = case.documents.get(kind="MINUTES")
        path = tmp_path / "minutes.pdf"
        path.write_bytes(bytes(paper.file))
        text = text_of(path)
        shown = page_of(case, city.secretary).conclusion
        assert shown is not None
        for part in ("分数据集表决结果", "保留意见：建议缩短期限", "电子签署", f"{shown.mean}分"):
            assert part in text

    def test_nobody_votes_after_the_close(self, city: City) -> None:
        people = [*city.panel, city.members[4]]
        case = build.seated(city, members=people)
        for who in people[:5]:
            build.vote(case, who)
        actions.close_panel(application_id=case.pk, actor=city.chair, at=AT)
        refuses(case, PanelError, lambda: build.vote(case, people[5]))
        assert Ballot.objects.count() == 5
