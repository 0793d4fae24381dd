"""Files made of lists: what stands in them, who may take them, and workers that die or race."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, queries
from applications.actions import exports as work
from applications.models import Application, ListExport
from applications.queries import exports as facts
from core import clock, sheets
from core.errors import Conflict, InvalidInput, NotFound
from notify.models import Message
from parties.models import User
from tests.applications.desk_support import take
from tests.builders import applications as build
from tests.builders.applications import City
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

AT = build.SUBMITTED
ALL_COLUMNS = [column.key for column in facts.COLUMNS]


def asked(actor: User, list_name: str = "search", **values: Any) -> ListExport:
    """Ask for a file."""
    given = {
        "tab": "all" if list_name == "desk" else "",
        "query": "",
        "form": "XLSX",
        "columns": ALL_COLUMNS,
    } | values
    return actions.begin_export(list_name=list_name, actor=actor, at=AT, **given)


def made(job: ListExport, at: datetime = AT) -> ListExport:
    """Let a worker make what waits."""
    actions.run_exports(now=lambda: at)
    job.refresh_from_db()
    return job


def lines(job: ListExport) -> list[list[Any]]:
    """Return the rows of a workbook, its header first."""
    book = openpyxl.load_workbook(io.BytesIO(bytes(job.content)))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.fixture
def case(city: City) -> Application:
    """Return a submitted case."""
    return build.submitted(city)


class TestContent:
    def test_a_workbook_keeps_codes_as_text_and_its_header_frozen(
        self, city: City, case: Application
    ) -> None:
        job = made(asked(city.case, "desk"))
        assert job.stage == "READY"
        book = openpyxl.load_workbook(io.BytesIO(bytes(job.content)))
        sheet = book.worksheets[0]
        assert sheet.title == "受理台"
        assert sheet.freeze_panes == "A2"
        header = [cell.value for cell in sheet[1]]
        code = sheet.cell(row=2, column=header.index("统一社会信用代码") + 1)
        assert code.value == city.applicant.uscc
        assert (code.data_type, code.number_format) == ("s", "@")
        submitted = sheet.cell(row=2, column=header.index("提交时间") + 1)
        assert submitted.is_date
        assert submitted.value == datetime(2026, 9, 14, 10, 0)
        assert sheet.max_row == 2

    def test_a_formula_written_by_a_person_stays_a_text(self, city: City) -> None:
        name = '=HYPERLINK("http://127.0.0.1","点击")'
        build.submitted(city, scenario_name=name)
        book = made(asked(city.case, columns=["scenario"]))
        cell = openpyxl.load_workbook(io.BytesIO(bytes(book.content))).worksheets[0]["A2"]
        assert (cell.value, cell.data_type) == (name, "s")
        plain = made(asked(city.case, columns=["scenario"], form="CSV"))
        rows = list(csv.reader(io.StringIO(bytes(plain.content).decode("utf-8-sig"))))
        assert rows[1] == [f"'{name}"]

    def test_a_csv_begins_with_a_bom_and_has_the_hash_that_is_shown(
        self, city: City, case: Application
    ) -> None:
        job = made(asked(city.agent, "mine", form="CSV"))
        content = bytes(job.content)
        assert content.startswith("\ufeff".encode())
        assert sheets.BOM == "\ufeff"
        assert job.sha256 == hashlib.sha256(content).hexdigest()
        assert job.rows_total == job.rows_done == 1
        assert case.number in content.decode()

    def test_only_the_desk_exports_who_holds_a_case(self, city: City, case: Application) -> None:
        take(case, city.case)
        assert "承办人" in str(lines(made(asked(city.case, "desk"))))
        for person, name in ((city.agent, "mine"), (city.agent, "search")):
            assert "承办人" not in str(lines(made(asked(person, name))))

    def test_only_the_chosen_columns_are_there_in_the_order_of_the_list(
        self, city: City, case: Application
    ) -> None:
        job = made(asked(city.agent, "mine", columns=["state", "number", "made-up"]))
        assert lines(job)[1:] == [[case.number, "已提交"]]


class TestRights:
    @pytest.mark.parametrize("who", ["agent", "legal_rep", "case", "decider", "security",
                                     "secretary", "officer", "stranger"])  # fmt: skip
    def test_file_count_page_and_search_have_the_same_cases(self, city: City, who: str) -> None:
        one, two = build.submitted(city), build.submitted(city, scenario_name="第二个场景")
        build.drafted(city)
        actor = getattr(city, who)
        for name in ("mine", "search", "desk", "decisions", "security", "agenda"):
            tab = "all" if name == "desk" else ""
            found = queries.listed(name, tab=tab, actor=actor, at=AT)
            ids = [a.pk for a in found]
            job = asked(actor, name, columns=["number", "scenario"])
            assert facts.export_ids(job, at=AT) == ids
            counted = facts.export_size(
                list_name=name, tab=tab, filters=queries.Filters(), actor=actor, at=AT
            )
            assert counted == len(ids)
            told = [line[1] for line in lines(made(job))[1:]]
            assert told == [a.scenario_name for a in found]
        seen = queries.search(actor=actor, at=AT, filters=queries.Filters())
        assert {row.id for row in seen.rows} == {
            a.pk for a in queries.listed("search", actor=actor, at=AT)
        }
        if who in {"agent", "legal_rep", "case", "decider", "security"}:
            assert {one.pk, two.pk} <= {row.id for row in seen.rows}
        if who == "stranger":
            assert not seen.rows

    def test_another_company_gets_no_row(self, city: City, case: Application) -> None:
        assert len(lines(made(asked(city.stranger)))) == 1

    def test_rights_are_asked_again_when_the_file_is_made(
        self, city: City, case: Application
    ) -> None:
        job = asked(city.agent, "mine")
        city.agent.groups.clear()
        city.agent.desks.update(closed_at=AT)
        assert len(lines(made(job))) == 1

    def test_nobody_but_its_owner_takes_cancels_or_renews_a_file(
        self, city: City, case: Application
    ) -> None:
        job = made(asked(city.agent, "mine"))
        before = AuditEntry.objects.count()
        for act in (actions.take_export, actions.cancel_export, actions.resume_export):
            for other in (city.legal_rep, city.stranger, city.case):
                with pytest.raises(NotFound):
                    act(export_id=job.pk, actor=other, at=AT)
        assert AuditEntry.objects.count() == before
        actions.take_export(export_id=job.pk, actor=city.agent, at=AT)
        assert AuditEntry.objects.filter(action="take_export").count() == 1

    def test_unknown_lists_tabs_formats_and_empty_columns_are_refused(self, city: City) -> None:
        wrong: list[tuple[type[Exception], dict[str, Any]]] = [
            (NotFound, {"list_name": "everything"}),
            (NotFound, {"list_name": "desk", "tab": "made-up"}),
            (NotFound, {"list_name": "mine", "tab": "new"}),
            (InvalidInput, {"form": "EXE"}),
            (InvalidInput, {"columns": ["holder"]}),
        ]
        for error, values in wrong:
            with pytest.raises(error):
                asked(city.case, **values)
        assert not ListExport.objects.exists()

    def test_the_tabs_are_those_of_the_desk(self, city: City) -> None:
        tabs, _page = queries.desk_queue(actor=city.case, tab="new", at=AT)
        assert tuple(tab.key for tab in tabs) == facts.DESK_TABS

    def test_a_sixth_file_waits_its_turn(self, city: City) -> None:
        for _ in range(work.OPEN_MAX):
            asked(city.agent, "mine")
        with pytest.raises(work.TooManyExports):
            asked(city.agent, "mine")
        assert ListExport.objects.count() == work.OPEN_MAX
        asked(city.legal_rep, "mine")


class TestLife:
    def test_its_owner_is_told_once_when_it_is_ready(self, city: City, case: Application) -> None:
        job = made(asked(city.agent, "mine"))
        made(job)
        told = Message.objects.filter(recipient=city.agent, link=reverse("portal:exports"))
        assert [m.subject for m in told] == ["您的导出文件已生成"]

    def test_a_canceled_file_is_not_made_until_it_is_asked_for_again(
        self, city: City, case: Application
    ) -> None:
        job = asked(city.agent, "mine")
        actions.cancel_export(export_id=job.pk, actor=city.agent, at=AT)
        assert actions.run_exports(now=lambda: AT) == 0
        with pytest.raises(Conflict):
            actions.cancel_export(export_id=job.pk, actor=city.agent, at=AT)
        actions.resume_export(export_id=job.pk, actor=city.agent, at=AT)
        assert made(job).stage == "READY"

    def test_a_cancel_stops_a_worker_between_two_chunks(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(3):
            build.submitted(city, scenario_name=f"场景{number}")
        monkeypatch.setattr(facts, "CHUNK_ROWS", 1)
        job = asked(city.agent, "mine")
        seen: list[int] = []
        plain = facts.export_rows

        def canceling(*args: Any, **kwargs: Any) -> Any:
            for chunk in plain(*args, **kwargs):
                job.refresh_from_db()
                seen.append(job.rows_done)
                if job.rows_done == 1:
                    actions.cancel_export(export_id=job.pk, actor=city.agent, at=AT)
                yield chunk

        monkeypatch.setattr(facts, "export_rows", canceling)
        assert made(job).stage == "CANCELED"
        assert seen == [0, 1]
        assert job.content is None

    def test_a_dead_worker_is_followed_when_its_lease_ends_and_not_a_second_before(
        self, city: City, case: Application
    ) -> None:
        job = asked(city.agent, "mine")
        dead = work._claim(at=AT)
        assert dead is not None
        lease = timedelta(seconds=work.LEASE_SECONDS)
        early = AT + lease - timedelta(seconds=1)
        assert actions.run_exports(now=lambda: early) == 0
        assert made(job, AT + lease).stage == "READY"
        # The dead one comes back: it may say nothing any more.
        with pytest.raises(work.Superseded):
            work._beat(dead, AT + lease, rows_done=7)
        job.refresh_from_db()
        assert job.stage == "READY"

    def test_who_is_interrupted_three_times_has_failed_and_is_told_why(
        self, city: City, case: Application
    ) -> None:
        job = asked(city.agent, "mine")
        at = AT
        for _ in range(work.ATTEMPTS_MAX):
            assert work._claim(at=at) is not None
            at += timedelta(seconds=work.LEASE_SECONDS)
        assert made(job, at).stage == "FAILED"
        assert "三次" in job.problem
        actions.resume_export(export_id=job.pk, actor=city.agent, at=at)
        assert made(job, at).stage == "READY"

    def test_what_goes_wrong_is_for_the_log_and_not_for_the_reader(
        self, city: City, case: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_args: Any, **_kwargs: Any) -> Any:
            raise RuntimeError("secret of the house")

        monkeypatch.setattr(facts, "export_ids", broken)
        job = made(asked(city.agent, "mine"))
        assert job.stage == "FAILED"
        assert "secret" not in job.problem

    def test_more_rows_than_a_file_holds_are_refused_by_name(
        self, city: City, case: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(facts, "EXPORT_ROWS_MAX", 0)
        job = made(asked(city.agent, "mine"))
        assert (job.stage, "筛选" in job.problem) == ("FAILED", True)

    def test_the_file_is_gone_when_its_time_is_over(self, city: City, case: Application) -> None:
        job = made(asked(city.agent, "mine"))
        end = job.expires_at
        assert end == AT + timedelta(days=7)
        assert actions.expire_exports(at=end - timedelta(seconds=1)) == 0
        with pytest.raises(NotFound):
            actions.take_export(export_id=job.pk, actor=city.agent, at=end)
        assert actions.expire_exports(at=end) == 1
        job.refresh_from_db()
        assert (job.stage, job.content, len(job.sha256)) == ("EXPIRED", None, 64)

    def test_the_round_trips_do_not_grow_with_the_rows_of_a_chunk(
        self, city: City, queries_of: Callable[[Callable[[], Any]], int]
    ) -> None:
        def count() -> int:
            job = asked(city.case, "desk")
            return queries_of(lambda: made(job))

        build.submitted(city)
        few = count()
        for number in range(6):
            build.submitted(city, scenario_name=f"场景{number}")
        assert count() == few


class TestPages:
    def test_a_file_is_asked_for_watched_and_taken_by_hand(
        self, city: City, case: Application
    ) -> None:
        client = Client()
        client.force_login(city.case)
        with clock.fixed(AT):
            desk = client.get(reverse("portal:application_desk") + "?tab=all&q=锡城").content
            link = f"{reverse('portal:exports_new')}?list=desk&amp;tab=all&amp;q="
            assert link in desk.decode()
            address = f"{reverse('portal:exports_new')}?list=desk&tab=all&q=锡城"
            assert "此刻共1条" in client.get(address).content.decode()
            sent = {"form": "XLSX", "columns": ["number", "uscc"]}
            assert client.post(address, sent).status_code == 302
            waiting = client.get(reverse("portal:exports") + "?part=rows").content.decode()
            assert "every 2s" in waiting
            assert "<html" not in waiting
            actions.run_exports(now=lambda: AT)
            ready = client.get(reverse("portal:exports")).content.decode()
            assert "every 2s" not in ready
            job = ListExport.objects.get()
            assert job.query == "tab=all&q=%E9%94%A1%E5%9F%8E"
            assert job.sha256 in ready
            taken = client.get(reverse("portal:export_file", args=[job.pk]))
        assert taken.content == bytes(job.content)
        assert "attachment" in taken["Content-Disposition"]
        other = Client()
        other.force_login(city.stranger)
        assert other.get(reverse("portal:export_file", args=[job.pk])).status_code == 404

    @pytest.mark.parametrize("asked_for", ["", "list=none", "list=desk&tab=x", "list=mine&tab=new"])
    def test_an_address_without_such_a_list_is_not_found(self, city: City, asked_for: str) -> None:
        client = Client()
        client.force_login(city.case)
        assert client.get(f"{reverse('portal:exports_new')}?{asked_for}").status_code == 404
