"""The procedure walked by hand through the pages, and what the pages keep from whom."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import form, panel
from applications.models import Application
from core import clock
from parties.models import User
from tests.builders import applications as build
from tests.builders.applications import City, day
from workflow import inbox

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    """Return the address of a page."""
    return reverse(f"portal:{name}", args=args)


class Reader:
    """A person with a browser, at a moment."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def get(self, address: str, at: Any = build.SUBMITTED, status: int = 200) -> str:
        """Open a page and return its text."""
        with clock.fixed(at):
            response = self.client.get(address)
        assert response.status_code == status, response.status_code
        return response.content.decode()

    def post(
        self, address: str, data: dict[str, Any] | None = None, at: Any = None, status: int = 302
    ) -> Any:
        """Send a form; by default it must be accepted and lead on."""
        with clock.fixed(at or build.SUBMITTED):
            response = self.client.post(address, data or {})
        assert response.status_code == status, response.content.decode()[-3000:]
        return response


def fill_in(agent: Reader, case_id: Any) -> None:
    """Fill in every section by hand."""
    agent.post(url("application_fill", case_id, "datasets"), {"add": "D01"})
    agent.post(url("application_fill", case_id, "datasets"), {"code": ["D01"], "add": "D07"})
    agent.post(
        url("application_fill", case_id, "datasets"),
        {
            "code": ["D01", "D07"],
            "fields-D01": list(build.D01_FIELDS),
            "why-D01": "核验企业登记状态需要这些字段",
            "fields-D07": list(build.D07_FIELDS),
            "why-D07": "核验抵押查封状态需要这些字段",
        },
    )
    scenario = {k: v for k, v in build.SCENARIO.items() if isinstance(v, str | int)}
    for section in ("scenario", "usage"):
        agent.post(url("application_fill", case_id, section), scenario)
    agent.post(url("application_fill", case_id, "security"), build.SCENARIO["security_plan"])
    agent.post(
        url("application_fill", case_id, "commitments"), {"codes": list(form.COMMITMENTS)}
    )


def test_the_whole_procedure_can_be_walked_by_hand(city: City) -> None:
    agent = Reader(city.agent)
    agent.get(url("application_new"))
    agent.post(url("application_new"), {"scenario_name": "小微企业授信核验"})
    case = Application.objects.get()
    assert "未开始" in agent.get(url("application_tasks", case.pk))
    fill_in(agent, case.pk)
    assert "小微企业授信核验" in agent.get(url("application_check", case.pk))
    agent.post(url("application_check", case.pk))
    case.refresh_from_db()
    assert case.number in agent.get(url("application_sent", case.pk))

    handler = Reader(city.case)
    assert case.number in handler.get(url("application_desk"), at=build.ACCEPTED)
    handler.get(url("application", case.pk), at=build.ACCEPTED)
    handler.post(url("application_accept", case.pk), at=build.ACCEPTED)

    for branch in case.branches.order_by("id"):
        officer, leader = (Reader(p) for p in build.people_of(city, branch))
        assert case.number in officer.get(url("application_branches"), at=build.REVIEWED)
        answers = {
            f"{item.dataset.code}.{name}.decision": "ALLOW"
            for item in case.items.filter(dataset__provider=branch.provider_id)
            for name in item.fields
        }
        first = next(iter(answers))
        bad = {**answers, first: "DENY"}
        officer.post(url("application_branch", branch.pk), bad, at=build.REVIEWED, status=422)
        officer.post(url("application_branch", branch.pk), answers, at=build.REVIEWED)
        leader.post(url("application_branch_confirm", branch.pk), at=build.REVIEWED)

    security = Reader(city.security)
    assert case.number in security.get(url("application_security_queue"), at=build.SECURED)
    security.get(url("application_security", case.pk), at=build.SECURED)
    assessment = {
        "findings": "等保三级证书有效\n沙箱环境符合要求",
        "conclusion": "环境与级别相符",
        "valid_until": "2027-09-30",
    }
    security.post(url("application_security", case.pk), assessment, at=build.SECURED)
    walk_committee(city, case)

    decider = Reader(city.decider)
    assert case.number in decider.get(url("application_decisions"), at=build.DECIDED)
    decider.get(url("application_decide", case.pk), at=build.DECIDED)
    decision = {"result": "APPROVED", "reasons": "符合有条件开放要求。"}
    decider.post(url("application_decide", case.pk), decision, at=build.DECIDED)
    page = agent.get(url("application", case.pk), at=build.DECIDED)
    assert "2026年11月3日" in page
    paper = case.documents.get(kind="DECISION")
    response = agent.client.get(url("application_document", paper.pk))
    assert response["Content-Type"] == "application/pdf"


def walk_committee(city: City, case: Application) -> None:
    """Seat the panel, declare, vote and conclude by hand."""
    at = build.CONCLUDED
    secretary = Reader(city.secretary)
    assert case.number in secretary.get(url("application_agenda"), at=at)
    secretary.get(url("application_panel", case.pk), at=at)
    seats = {"members": [str(p.pk) for p in city.panel], "chair": str(city.chair.pk)}
    secretary.post(url("application_panel", case.pk), seats, at=at)
    sheet = {f"score_{name}": most for name, most in panel.CRITERIA.items()}
    for who in city.panel:
        member = Reader(who)
        member.post(url("application_interest", case.pk), {"choice": "none"}, at=at)
        member.get(url("application_vote", case.pk), at=at)
        ballot = {**sheet, "vote": "FOR", "reason": f"{who.full_name}认为可行"}
        member.post(url("application_vote", case.pk), ballot, at=at)
        board = member.get(url("application_panel", case.pk), at=at)
        assert "认为可行" not in board
    chair = Reader(city.chair)
    chair.post(url("application_conclude", case.pk), {}, at=at)
    signed = {"content_hash": case.minutes.get().content_hash}
    secretary.get(url("application_minutes", case.pk), at=at)
    secretary.post(url("application_minutes", case.pk), signed, at=at)
    chair.post(url("application_minutes", case.pk), signed, at=at)
    assert "认为可行" in secretary.get(url("application_panel", case.pk), at=at)


def test_a_draft_saves_what_can_be_saved_and_says_what_cannot(city: City) -> None:
    case = build.drafted(city)
    agent = Reader(city.agent)
    values = {"term_months": "99", "monthly_quota": "5000", "region": "苏州市"}
    response = agent.post(url("application_fill", case.pk, "usage"), values, status=422)
    assert "苏州市" in response.content.decode()
    case.refresh_from_db()
    assert (case.region, case.monthly_quota, case.term_months) == ("苏州市", 5000, 12)


def test_the_browser_saves_by_itself_without_a_page(city: City) -> None:
    case = build.drafted(city)
    agent = Reader(city.agent)
    with clock.fixed(build.SUBMITTED):
        response = agent.client.post(
            url("application_fill", case.pk, "scenario"),
            {"scenario_name": "改名的场景"},
            headers={"X-Requested-With": "autosave"},
        )
    assert response.status_code == 200
    case.refresh_from_db()
    assert case.scenario_name == "改名的场景"


def test_a_correction_is_made_by_hand_in_the_returned_section_only(city: City) -> None:
    case = build.submitted(city)
    handler, agent = Reader(city.case), Reader(city.agent)
    handler.get(url("application_return", case.pk), at=day("2026-09-15"))
    handler.post(url("application_return", case.pk), {}, at=day("2026-09-15"), status=422)
    rows = {
        "section-0": "usage",
        "item-0": "等保证明",
        "problem-0": "证书过期",
        "required-0": "换证",
    }
    handler.post(url("application_return", case.pk), rows, at=day("2026-09-15"))
    page = agent.get(url("application_correct", case.pk), at=day("2026-09-16"))
    assert "证书过期" in page
    refused = {"purpose_text": "换成另一个用途，写够二十个字才行的说明。"}
    agent.post(url("application_fill", case.pk, "scenario"), refused, status=422)
    agent.post(url("application_correct", case.pk), {"answer_1": ""}, status=422)
    # The return voided the signature; the same step signs anew.
    handed_in = {"answer_1": "已换", "codes": list(form.COMMITMENTS)}
    agent.post(url("application_correct", case.pk), handed_in, at=day("2026-09-16"))
    case.refresh_from_db()
    assert case.state == "SUBMITTED"
    assert case.number in handler.get(url("application_desk") + "?tab=corrected")


def test_the_handler_reads_why_the_decision_is_not_for_the_handler(city: City) -> None:
    case = build.concluded(city)
    page = Reader(city.case).get(url("application_decide", case.pk), at=build.DECIDED)
    assert "您是承办人，不能作出决定" in page
    response = Reader(city.case).post(
        url("application_decide", case.pk),
        {"result": "APPROVED", "reasons": "同意"},
        at=build.DECIDED,
        status=403,
    )
    assert "您是承办人" in response.content.decode()


def test_a_stranger_finds_nothing_on_any_page_of_a_case(city: City) -> None:
    case = build.concluded(city)
    branch = case.branches.first()
    paper = case.documents.first()
    assert branch is not None
    assert paper is not None
    stranger = Reader(city.stranger)
    for name in (
        "application", "application_tasks", "application_check", "application_sent",
        "application_withdraw", "application_return", "application_security", "application_panel",
        "application_vote", "application_decide", "application_object", "application_answer",
    ):  # fmt: skip
        stranger.get(url(name, case.pk), status=404)
    stranger.get(url("application_fill", case.pk, "usage"), status=404)
    stranger.get(url("application_branch", branch.pk), status=404)
    stranger.get(url("application_document", paper.pk), status=404)
    stranger.get(url("application_desk"), status=403)


def test_the_applicant_reads_opinions_and_votes_only_with_the_decision(city: City) -> None:
    deny = {"decision": "DENY", "reason": "非必要字段", "legal_basis": "最小必要原则"}
    case = build.concluded(city, decisions={"capital": deny})
    agent = Reader(city.agent)
    before = agent.get(url("application", case.pk), at=build.DECIDED)
    assert "非必要字段" not in before
    agent.get(url("application_panel", case.pk), status=404)
    Reader(city.decider).post(
        url("application_decide", case.pk),
        {"result": "APPROVED", "reasons": "同意"},
        at=build.DECIDED,
    )
    assert "非必要字段" in agent.get(url("application", case.pk), at=build.DECIDED)


def test_the_work_list_names_each_step_for_the_person_who_does_it(city: City) -> None:
    def waiting(who: User) -> list[str]:
        return [item.duty for item in inbox.waiting_for(who, at=build.CONCLUDED)]

    case = build.submitted(city)
    assert waiting(city.case) == ["applications.accept"]
    assert waiting(city.agent) == []
    case = build.secured(city)
    assert "applications.seat" in waiting(city.secretary)
    case = build.seated(city)
    assert waiting(city.members[0]) == ["applications.vote"]
    build.vote(case, city.members[0])
    assert waiting(city.members[0]) == []
    assert set(waiting(city.chair)) == {"applications.vote", "applications.conclude"}


def test_the_workbench_costs_a_handful_of_queries_however_much_waits(
    city: City, queries_of: Any
) -> None:
    for make, who in (
        (build.submitted, city.case),
        (build.reviewed, city.security),
        (build.secured, city.secretary),
        (build.concluded, city.decider),
    ):
        home = partial(Reader(who).get, url("home"), at=build.CONCLUDED)
        make(city)
        home()
        one = queries_of(home)
        make(city)
        assert queries_of(home) == one <= 20


def test_lists_take_the_same_number_of_queries_for_one_case_and_for_many(
    city: City, queries_of: Any
) -> None:
    handler = Reader(city.case)
    build.submitted(city)
    handler.get(url("application_desk"))
    one = queries_of(lambda: handler.get(url("application_desk")))
    for _more in range(3):
        build.submitted(city)
    assert queries_of(lambda: handler.get(url("application_desk"))) == one
