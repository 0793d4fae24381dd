"""Every step of supervision by hand: pages open for whom they are for, and do what they say."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from oversight import actions
from oversight.models import Alert, Evaluation, ExitCase, PublicNotice, ViolationCase
from parties.queries import system_actor
from tests.builders import oversight as build
from tests.builders.applications import day
from workflow import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client):
    """Return a way to act as somebody on a day: ``browser(who, at).get/post``."""

    class Browser:
        def __init__(self, who, at):
            self.who, self.at = who, at

        @contextmanager
        def _there(self):
            client.force_login(self.who, backend="django.contrib.auth.backends.ModelBackend")
            with clock.fixed(self.at):
                yield

        def get(self, route, *args, status=200):
            with self._there():
                answer = client.get(reverse(f"portal:{route}", args=args))
            assert answer.status_code == status, answer.content.decode()[:2000]
            return answer.content.decode()

        def post(self, route, *args, status=302, **data):
            with self._there():
                answer = client.post(reverse(f"portal:{route}", args=args), data)
            assert answer.status_code == status, answer.content.decode()[:4000]
            return answer.content.decode()

    return Browser


def test_a_case_is_walked_by_hand_from_the_report_to_the_notice(world, browser):
    city = world.city
    supervisor = browser(city.supervisor, build.NOTICED)
    assert "登记违规线索" in supervisor.get("supervision")
    license_id = world.license("D01").pk
    supervisor.get("case_new")
    supervisor.post("case_new", license_ids=[license_id], source="COMPLAINT", report="投诉")
    case = ViolationCase.objects.get()
    supervisor.get("case_evidence", case.pk)
    sample = SimpleUploadedFile("sample.csv", b"uscc\n1", content_type="text/csv")
    supervisor.post("case_evidence", case.pk, name="样本", source="投诉人", content=sample)
    supervisor.get("case_file", case.pk)
    supervisor.post(
        "case_file", case.pk, code="V4", severity="SERIOUS", facts="用于营销。",
        rule_article="第二条",
    )  # fmt: skip
    supervisor.get("case_interim", case.pk)
    supervisor.post("case_interim", case.pk, kind="RESTRICT", percent=10, reason="防止扩散")
    supervisor = browser(city.supervisor, build.HEARD)
    assert "许可证1份" in supervisor.get("case_hearing", case.pk)
    supervisor.post("case_hearing", case.pk, proposed_measure="CLOSE")
    agent = browser(city.agent, build.STATED)
    page = agent.get("case", case.pk)
    assert "2026年6月25日" in page
    assert "措施阶梯" not in page
    agent.post("case_statement", case.pk, text="操作失误。")
    decider = browser(city.decider, build.DECIDED)
    assert "凭证0个" in decider.get("case_decide", case.pk)
    decision = {"measure": "CLOSE", "reasons": "事实清楚。", "damages": "50000.00"}
    decider.post("case_decide", case.pk, **decision)
    supervisor = browser(city.supervisor, build.DECIDED)
    assert "用于营销" in supervisor.get("case_publish", case.pk)
    supervisor.post("case_publish", case.pk, persons="")
    notice = PublicNotice.objects.get()
    assert case.pk == notice.case_id
    assert notice.number in supervisor.get("case", case.pk)
    evidence = ViolationCase.objects.get().evidence.get()
    supervisor.get("evidence_file", evidence.pk)
    browser(city.stranger, build.DECIDED).get("evidence_file", evidence.pk, status=404)
    for paper in ViolationCase.objects.get().documents.all():
        browser(city.stranger, build.DECIDED).get("oversight_document", paper.pk, status=404)


def test_the_investigator_sees_why_the_decision_is_not_theirs(world, browser):
    from tests.builders.parties import add_desk

    add_desk(world.city.supervisor, world.city.authority, "AUTHORITY_DECIDER")
    case = build.stated(world)
    page = browser(world.city.supervisor, build.DECIDED).get("case_decide", case.pk)
    assert "您是本案调查人" in page
    browser(world.city.supervisor, build.DECIDED).post(
        "case_decide", case.pk, status=403, measure="CLOSE", reasons="x", damages="0"
    )
    assert ViolationCase.objects.get().state == "STATEMENT_RECEIVED"


def test_a_refused_measure_comes_back_with_every_entry_kept(world, browser):
    case = build.stated(world)
    page = browser(world.city.decider, build.DECIDED).post(
        "case_decide", case.pk, status=422, measure="WARN", reasons="写得很长的理由", damages="0"
    )
    assert "写得很长的理由" in page
    assert "说明偏离的理由" in page


def test_an_evaluation_is_walked_by_hand(world, browser):
    at = day("2026-05-06")
    found = actions.schedule_first_evaluation(
        agreement_id=world.agreement.pk, actor=system_actor(), at=build.IN_FORCE
    )
    actions.open_evaluation(evaluation_id=found.pk, actor=system_actor(), at=at)
    agent, ops = browser(world.city.agent, at), browser(world.city.ops, at)
    judge = browser(world.judge, at)
    assert found.number in agent.get("obligations")
    agent.get("evaluation_report", found.pk)
    topics = dict.fromkeys(("purposes", "products", "benefits", "incidents", "staff"), "如实。")
    agent.post("evaluation_report", found.pk, status=422, **(topics | {"staff": ""}))
    agent.post("evaluation_report", found.pk, **topics)
    ops.post("evaluation_verify", found.pk)
    assert "合规性" in judge.get("evaluation_score", found.pk)
    points = {
        "points_compliance": 30, "points_security": 20, "points_utilization": 15,
        "points_benefit": 6, "points_reporting": 5, "remarks": "基本合规",
    }  # fmt: skip
    judge.post("evaluation_score", found.pk, status=422, **points, rectifications="")
    judge.post("evaluation_score", found.pk, **points, rectifications="补齐日志")
    assert "76分" in agent.get("evaluation", found.pk)
    agent.get("evaluation_rectify", found.pk)
    agent.post("evaluation_rectify", found.pk, rectified="已补齐。")
    judge.post("evaluation_score", found.pk, **(points | {"points_compliance": 38}))
    assert Evaluation.objects.get(pk=found.pk).state == "PASSED"
    browser(world.city.stranger, at).get("evaluation", found.pk, status=404)


def test_an_exit_is_walked_by_hand(world, browser):
    build.decided(world)
    outbox.deliver_due(at=build.DECIDED)
    leaving = ExitCase.objects.get()
    at = day("2026-07-14")
    agent, ops = browser(world.city.agent, at), browser(world.city.ops, at)
    agent.get("exit_certificate", leaving.pk)
    head = {
        "number": "销证-1", "method": "覆写", "standard": "GB/T 37973-2019", "operator": "韩立",
        "witness": "公证处", "destroyed_on": "2026-07-13",
    }  # fmt: skip
    copy = {
        "copy1_kind": "COPY", "copy1_location": "生产库", "copy1_content": "全量",
        "copy1_method": "覆写", "copy1_destroyed_on": "2026-07-13",
    }  # fmt: skip
    none_of = ["EXTRACT", "PROCESSOR"]
    agent.post("exit_certificate", leaving.pk, **head, **copy, none_of=none_of)
    assert "备份既未列明" in ops.get("exit", leaving.pk)
    ops.post("exit_verify", leaving.pk)
    assert ExitCase.objects.get().state == "CERTIFICATE_SUBMITTED"
    assert "备份既未列明" in ops.get("exit_reject", leaving.pk)
    ops.post("exit_reject", leaving.pk, findings="备份缺失")
    agent.post(
        "exit_certificate", leaving.pk, **(head | {"number": "销证-2"}), **copy,
        none_of=[*none_of, "BACKUP"],
    )  # fmt: skip
    ops.post("exit_verify", leaving.pk)
    ops.get("exit_settle", leaving.pk)
    ops.post("exit_settle", leaving.pk, refund="0", damages="50000", note="不予退费")
    ops.post("exit_archive", leaving.pk)
    done = ExitCase.objects.get()
    assert (done.state, done.damages_fen) == ("ARCHIVED", 5_000_000)
    assert "2056年7月14日" in agent.get("exit", leaving.pk)


def test_an_alert_is_handled_by_hand(world, browser):
    security = browser(world.city.security, build.NOTICED)
    supervisor = browser(world.city.supervisor, build.NOTICED)
    security.get("alert_new")
    license_id = world.license("D01").pk
    security.post(
        "alert_new", rule="WATERMARK", grade="II", license_id=license_id, summary="水印外泄"
    )
    alert = Alert.objects.get()
    security.post("alert_acknowledge", alert.pk)
    assert "水印外泄" in supervisor.get("alert", alert.pk)
    supervisor.get("alert_restrict", alert.pk)
    supervisor.post("alert_restrict", alert.pk, percent=10, reason="核查")
    assert world.license("D01").restriction["quota_factor"] == "0.1"
    supervisor.get("alert_report", alert.pk)
    supervisor.post("alert_report", alert.pk, report="转案件")
    assert Alert.objects.get().outcome == "CASE"
    browser(world.city.agent, build.NOTICED).get("alert", alert.pk, status=404)


@pytest.mark.parametrize("who", ["agent", "supervisor", "decider", "ops", "officer", "stranger"])
def test_the_board_opens_for_everybody_and_shows_their_own(world, browser, who):
    build.decided(world)
    outbox.deliver_due(at=build.DECIDED)
    reader = browser(getattr(world.city, who), build.DECIDED)
    page = reader.get("supervision")
    case = ViolationCase.objects.get()
    sees = who in ("agent", "supervisor", "decider", "ops")
    assert (case.number in page) is sees
