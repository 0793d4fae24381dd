"""Files of the form: hostile until proven, part of the draft, frozen with what is handed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from applications import actions, queries
from applications.actions import files as rules
from applications.definition import find_problems
from applications.errors import DraftChanged, FormIncomplete, SectionLocked
from applications.models import AnswerFile, Application
from core.errors import DomainError, Forbidden, InvalidInput, NotAllowedNow, NotFound
from core.scanner import ScannerSilent
from tests.applications.desk_support import ask
from tests.applications.file_support import (
    EICAR,
    PNG,
    attach,
    drafted,
    pdf,
    remove,
    resubmit,
    returned,
    submitted,
)
from tests.applications.form_support import answer, field, publish, section, sign, submit
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


def refused(error: type[Exception], call: Callable[[], Any], draft: Application) -> Any:
    """Check that a file is refused and that nothing of it was stored."""
    draft.refresh_from_db()
    before = list(AnswerFile.objects.values_list("pk", "content_hash", "last_in"))
    revision = draft.revision
    caught = refuses(draft, error, call)
    assert list(AnswerFile.objects.values_list("pk", "content_hash", "last_in")) == before
    draft.refresh_from_db()
    assert draft.revision == revision
    return caught


def read(file: AnswerFile, who: Any) -> bytes:
    """Return the bytes of a file as somebody reads it."""
    return queries.answer_file(file_id=file.pk, actor=who)[2]


class TestUpload:
    def test_keeps_the_bytes_with_hash_size_type_who_and_when(self, city: City) -> None:
        draft = drafted(city)
        signed, revision = draft.commitments, draft.revision
        assert signed

        kept = attach(city, draft, name="C:\\我的\\方案.PDF")

        kept.refresh_from_db()
        assert (kept.name, kept.media_type, kept.field) == ("方案.PDF", "application/pdf", "plan")
        assert bytes(kept.content) == pdf()
        assert (kept.size_bytes, kept.added_by, kept.added_at) == (
            len(pdf()), city.agent, build.SUBMITTED,
        )  # fmt: skip
        draft.refresh_from_db()
        assert draft.revision == revision + 1
        assert draft.commitments == {}

    @pytest.mark.scenario(14)
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("大.pdf", b"%PDF-" + b"0" * 1024 * 1024, "1 MB"),
            ("空.pdf", b"", "1 MB"),
            ("方案.exe", pdf(), "PDF, PNG"),
            ("方案.jpg", b"\xff\xd8\xff" + b"0" * 9, "PDF, PNG"),
            ("方案.pdf", PNG, "PDF, PNG"),
            ("方案.pdf", pdf() + EICAR, "有害"),
            ("方案.pdf", pdf() + b"<< /S /JavaScript >>", "脚本"),
        ],
        ids=["large", "empty", "ending", "kind", "bytes", "virus", "script"],
    )
    def test_what_does_not_pass_is_refused_and_nothing_is_stored(
        self, city: City, name: str, content: bytes, said: str
    ) -> None:
        draft = drafted(city)
        error = refused(
            InvalidInput, lambda: attach(city, draft, name=name, content=content), draft
        )
        assert said in str(error.fields["plan"])

    @pytest.mark.scenario(14)
    def test_a_silent_scanner_lets_nothing_through(
        self, city: City, settings: Any, tmp_path: Path
    ) -> None:
        draft = drafted(city)
        settings.CLAMD_SOCKET = str(tmp_path / "nobody")
        refused(ScannerSilent, lambda: attach(city, draft), draft)

    def test_a_field_takes_so_many_files_and_none_twice(self, city: City) -> None:
        draft = drafted(city)
        first = attach(city, draft)
        refused(InvalidInput, lambda: attach(city, draft, name="又.pdf"), draft)
        attach(city, draft, content=PNG, name="图.png")
        error = refused(InvalidInput, lambda: attach(city, draft, content=pdf("三")), draft)
        assert "2" in str(error.fields["plan"])

        attach(city, draft, content=pdf("三"), replaces=first.pk)

        assert [f.name for f in draft.files.all()] == ["图.png", "方案.pdf"]
        assert not AnswerFile.objects.filter(pk=first.pk).exists()

    def test_the_files_of_a_case_have_a_limit_together(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = drafted(city)
        attach(city, draft)
        monkeypatch.setattr(rules, "CASE_FILES_BYTES_MAX", len(pdf()) + 5)
        refused(InvalidInput, lambda: attach(city, draft, content=PNG, name="图.png"), draft)

    @pytest.mark.parametrize("key", ["nothing", "has_system", "report", "scenario_name"])
    def test_only_a_field_for_files_that_is_shown_takes_one(self, city: City, key: str) -> None:
        draft = drafted(city)
        refused(InvalidInput, lambda: attach(city, draft, key=key), draft)

    def test_a_stale_page_is_refused(self, city: City) -> None:
        draft = drafted(city)
        stale = draft.revision - 1
        refused(DraftChanged, lambda: attach(city, draft, revision=stale), draft)

    def test_nobody_but_an_agent_of_the_applicant_puts_or_takes_files(self, city: City) -> None:
        draft = drafted(city)
        file = attach(city, draft)
        draft.refresh_from_db()
        for who, error in (
            (city.stranger, NotFound), (city.case, NotFound), (city.legal_rep, Forbidden)
        ):  # fmt: skip
            refused(error, lambda who=who: attach(city, draft, actor=who, content=PNG), draft)
            refused(error, lambda who=who: remove(city, draft, file, who), draft)

    def test_a_file_of_another_case_is_neither_removed_nor_replaced(self, city: City) -> None:
        draft = drafted(city)
        other = build.drafted(city)
        file = attach(city, other)
        draft.refresh_from_db()
        refused(NotFound, lambda: remove(city, draft, file), draft)
        refused(NotFound, lambda: attach(city, draft, replaces=file.pk), draft)
        mine = attach(city, draft)
        draft.refresh_from_db()
        refused(
            NotFound,
            lambda: attach(city, draft, key="secret", replaces=mine.pk, content=PNG, name="a.png"),
            draft,
        )


class TestSubmission:
    def test_a_required_file_is_asked_for_at_submission(self, city: City) -> None:
        draft = sign(city, drafted(city))
        error = refuses(draft, FormIncomplete, lambda: submit(city, draft))
        assert set(error.fields) == {"papers.plan"}  # type: ignore[attr-defined]

        attach(city, draft)

        assert submit(city, sign(city, draft)).state == "SUBMITTED"

    def test_the_snapshot_freezes_which_files_were_handed_in(self, city: City) -> None:
        case = submitted(city)
        plan, secret = case.files.all()

        files = case.snapshots.get().content["files"]

        assert files["plan"] == [
            {"name": "方案.pdf", "sha256": plan.content_hash, "bytes": plan.size_bytes,
             "media_type": "application/pdf"}
        ]  # fmt: skip
        assert set(files) == {"plan", "secret"}
        assert (plan.first_in, plan.last_in, secret.first_in) == (1, None, 1)

    def test_nothing_can_be_changed_after_submission(self, city: City) -> None:
        case = submitted(city)
        file = case.files.first()
        refused(NotAllowedNow, lambda: attach(city, case, content=PNG, name="图.png"), case)
        refused(NotAllowedNow, lambda: remove(city, case, file), case)

    def test_the_file_of_a_field_that_is_hidden_again_is_not_handed_in(self, city: City) -> None:
        draft = answer(city, drafted(city), has_system="YES")
        attach(city, draft)
        attach(city, draft, key="report", content=PNG, name="测评.png")
        assert set(queries.content_of(draft)["files"]) == {"plan", "report"}
        draft = answer(city, draft, has_system="NO")
        assert set(queries.content_of(draft)["files"]) == {"plan"}

        case = submit(city, draft)

        assert [f.field for f in case.files.all()] == ["plan"]

    def test_what_was_handed_in_is_kept_by_the_database_too(self, city: City) -> None:
        case = submitted(city)
        for call in (
            lambda: case.files.all().delete(),
            lambda: case.files.update(content=b"x"),
            lambda: case.files.update(name="x"),
            lambda: case.files.update(first_in=2),
        ):
            with pytest.raises(Error), transaction.atomic():
                call()
        drop = "DELETE FROM applications_application WHERE id = %s"
        with (
            pytest.raises(Error, match="keeps what was handed in"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(drop, [case.pk])
        assert case.files.count() == 2


class TestCorrection:
    def test_only_a_returned_section_takes_files(self, city: City) -> None:
        case = returned(city, submitted(city), section_key="usage")
        file = case.files.first()
        refused(SectionLocked, lambda: attach(city, case, content=PNG, name="图.png"), case)
        refused(SectionLocked, lambda: remove(city, case, file), case)

    def test_a_replaced_file_stays_with_the_submission_it_was_part_of(self, city: City) -> None:
        case = returned(city, submitted(city))
        old = case.files.get(field="plan")
        new = attach(city, case, content=pdf("新"), replaces=old.pk)

        def seen(who: Any) -> list[int]:
            page = queries.case_page(application_id=case.pk, actor=who, at=build.SUBMITTED)
            rows = {r.key: r for s in page.further for r in s.rows}
            return [f.id for f in rows["plan"].files]

        # While it is being corrected the office reads what was handed in.
        assert seen(city.case) == [old.pk]
        assert seen(city.agent) == [new.pk]
        with pytest.raises(NotFound):
            read(new, city.case)

        resubmit(city, case)

        assert seen(city.case) == seen(city.agent) == [new.pk]
        assert read(old, city.case) == pdf()
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.first_in, old.last_in) == (1, 1)
        assert (new.first_in, new.last_in) == (2, None)

    def test_the_office_reads_which_files_came_went_and_stayed_by_their_bytes(
        self, city: City
    ) -> None:
        case = returned(city, submitted(city))
        old = case.files.get(field="plan")
        new = attach(city, case, content=pdf("新"), replaces=old.pk)
        remove(city, case, case.files.get(field="secret"))
        resubmit(city, case)

        view = queries.desk_view(application_id=case.pk, actor=city.case, show="changes")
        assert view is not None
        entries = {e.key: e for s in view.sections for e in s.entries}

        plan, secret = entries["files.plan"], entries["files.secret"]
        assert (plan.status, plan.label) == ("changed", "栏目plan")
        assert [(f.kind, f.id) for f in plan.files] == [("removed", old.pk), ("added", new.pk)]
        assert (secret.status, secret.label) == ("removed", "栏目secret")

    def test_taking_the_only_file_away_shows_to_all_but_those_who_may_not_know(
        self, city: City
    ) -> None:
        publish(city, section("papers", field("secret", "FILE", private=True)))
        draft = build.drafted(city)
        file = attach(city, draft, key="secret")
        case = returned(city, submit(city, sign(city, draft)))
        remove(city, case, file)
        resubmit(city, case)
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
        ask(case, city, city.panel[1])
        assert "files" not in case.snapshots.latest("number").content

        def changed(who: Any) -> dict[str, str]:
            view = queries.desk_view(application_id=case.pk, actor=who, show="changes")
            assert view is not None
            return {e.key: e.status for s in view.sections for e in s.entries}

        assert changed(city.case)["files.secret"] == "removed"
        assert "files.secret" not in changed(city.panel[1])


class TestReading:
    @pytest.mark.scenario(14)
    def test_the_desk_reads_a_file_after_submission_and_an_outsider_never(
        self, city: City
    ) -> None:
        draft = drafted(city)
        file = attach(city, draft)
        assert read(file, city.agent) == read(file, city.legal_rep) == pdf()
        for who in (city.case, city.decider, city.officer, city.stranger):
            with pytest.raises(NotFound):
                read(file, who)

        submit(city, sign(city, draft))

        assert read(file, city.case) == read(file, city.decider) == pdf()
        with pytest.raises(NotFound):
            read(file, city.stranger)

    def test_who_is_only_asked_for_an_opinion_reads_no_private_file(self, city: City) -> None:
        case = submitted(city)
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
        asked = city.panel[1]
        ask(case, city, asked)
        plan, secret = case.files.all()

        assert read(plan, asked) == pdf()
        with pytest.raises(NotFound):
            read(secret, asked)
        page = queries.case_page(application_id=case.pk, actor=asked, at=build.ACCEPTED)
        assert {r.key for s in page.further for r in s.rows if r.files} == {"plan"}
        view = queries.desk_view(application_id=case.pk, actor=asked)
        assert view is not None
        assert {e.key for s in view.sections for e in s.entries if e.files} == {"files.plan"}
        assert read(secret, city.case)


class TestTheDefinition:
    @pytest.mark.parametrize(
        "rule",
        [
            {"kinds": []},
            {"kinds": ["EXE"]},
            {"kinds": "PDF"},
            {"kinds": [["PDF"]]},
            {"files_max": 0},
            {"files_max": 11},
            {"files_max": "2"},
            {"megabytes_max": 11},
            {"megabytes_max": True},
        ],
    )
    def test_refuses_a_field_for_files_beyond_what_the_product_takes(
        self, rule: dict[str, Any]
    ) -> None:
        form = {"sections": [section("papers", field("plan", "FILE", **rule))]}
        assert set(find_problems(content=form, general=False)) == {"plan"}

    def test_takes_one_within_it_and_one_that_says_nothing(self) -> None:
        fields = (
            field("plan", "FILE", kinds=["PDF"], files_max=10, megabytes_max=10),
            field("other", "FILE"),
        )
        form = {"sections": [section("papers", *fields)]}
        assert find_problems(content=form, general=False) == {}


def test_a_refusal_tells_the_entry_it_is_about(city: City) -> None:
    draft = drafted(city)
    with pytest.raises(DomainError) as caught:
        attach(city, draft, key="secret", content=b"<html>", name="a.html")
    assert isinstance(caught.value, InvalidInput)
    assert set(caught.value.fields) == {"secret"}
