"""The audit view: for auditors only, filtered, exported, verified; dead letters and books."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person
from workflow import audit, trail
from workflow.models import AuditEntry, Delivery, Event

AT = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    return person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)


@pytest.fixture
def ops() -> User:
    return person(organization(Kind.PLATFORM, "平台"), Role.PLATFORM_OPS)


@pytest.fixture
def letter() -> Delivery:
    event = Event.objects.create(name="a.b.c", subject_type="a.b", subject_id="1", at=AT)
    return Delivery.objects.create(
        event=event, subscriber="x.y", status="DEAD", due_at=AT, attempts=12, last_error="Boom"
    )


class TestTrail:
    def test_is_closed_to_everybody_but_auditors(self, client: Client, ops: User) -> None:
        client.force_login(ops)

        for name in ("audit", "audit_export"):
            assert client.get(reverse(f"portal:{name}")).status_code == 403
        client.post(reverse("portal:audit_verify"))
        assert "audit_verified" not in client.session

    def test_shows_a_fact_that_is_named_like_a_method(self, client: Client, auditor: User) -> None:
        client.force_login(auditor)
        office = organization(Kind.APPLICANT, "锡城示例征信科技有限公司")
        audit.record(office, "edit", actor=auditor, at=AT, facts={"items": [["D01", "D07", "x"]]})

        page = client.get(f"{reverse('portal:audit')}?subject_id={office.pk}&action=edit")

        assert page.status_code == 200
        assert "D07" in page.content.decode()

    def test_is_narrowed_by_person_object_act_and_day(self, client: Client, auditor: User) -> None:
        client.force_login(auditor)
        office = organization(Kind.APPLICANT, "锡城示例征信科技有限公司")

        def shown(query: str) -> int:
            page = client.get(f"{reverse('portal:audit')}?{query}")
            return len(page.context["trail"].rows)

        assert shown(f"subject_type=parties.organization&subject_id={office.pk}") == 2
        assert shown(f"subject_id={office.pk}&action=verify") == 1
        assert shown(f"subject_id={office.pk}&from_on=2026-09-01&to_on=2026-09-01") == 2
        assert shown(f"subject_id={office.pk}&from_on=2026-09-02") == 0
        assert shown(f"subject_id={office.pk}&refused_only=on") == 0
        assert shown(f"subject_id={office.pk}&actor=system") == 2

    def test_pages_walk_every_entry_once(self, auditor: User) -> None:
        office = organization(Kind.APPLICANT, "甲")
        for _ in range(120):
            audit.record(office, "edit", actor=auditor, at=AT)
        wanted = trail.Wanted(subject_id=str(office.pk))

        seen: list[int] = []
        older = None
        while True:
            page = trail.entries(wanted=wanted, older_than=older)
            seen += [row.number for row in page.rows]
            if page.older_than is None:
                break
            older = page.older_than

        assert len(seen) == len(set(seen)) == 122
        assert seen == sorted(seen, reverse=True)

    def test_the_export_carries_the_chain_and_no_formula(
        self, client: Client, auditor: User
    ) -> None:
        client.force_login(auditor)
        office = organization(Kind.APPLICANT, "甲")
        audit.record(office, "=cmd|' /C calc'!A0", actor=auditor, at=AT)

        answer = client.get(f"{reverse('portal:audit_export')}?subject_id={office.pk}")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

        assert text.startswith("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text[1:])))
        assert [row["previous_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]
        assert rows[-1]["action"] == "'=cmd|' /C calc'!A0"

    def test_says_that_the_chain_holds_and_names_the_entry_that_was_altered(
        self, client: Client, auditor: User
    ) -> None:
        client.force_login(auditor)
        client.post(reverse("portal:audit_verify"))
        assert "完整" in client.get(reverse("portal:audit")).content.decode()
        entry = AuditEntry.objects.order_by("id").first()
        assert entry is not None
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE workflow_auditentry DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE workflow_auditentry SET actor_name = 'x' WHERE id = %s", [entry.pk]
            )

        client.post(reverse("portal:audit_verify"))

        page = client.get(reverse("portal:audit")).content.decode()
        assert "已破坏" in page
        assert f"entry {entry.pk}" in page


class TestDeadLetters:
    def test_are_delivered_again_on_the_word_of_operations(
        self, client: Client, ops: User, letter: Delivery
    ) -> None:
        client.force_login(ops)
        assert "Boom" in client.get(reverse("portal:dead_letters")).content.decode()

        client.post(reverse("portal:redrive", args=[letter.pk]))

        letter.refresh_from_db()
        assert letter.status == "PENDING"
        assert AuditEntry.objects.filter(action="redrive", actor_id=str(ops.pk)).count() == 1

    def test_stay_where_they_are_when_an_auditor_presses_by_address(
        self, client: Client, auditor: User, letter: Delivery
    ) -> None:
        client.force_login(auditor)

        client.post(reverse("portal:redrive", args=[letter.pk]))

        letter.refresh_from_db()
        assert letter.status == "DEAD"
        assert not AuditEntry.objects.filter(action="redrive").exists()


class TestBooks:
    def test_are_closed_to_an_applicant(self, client: Client) -> None:
        client.force_login(person(organization(Kind.APPLICANT, "甲"), Role.APPLICANT_AGENT))

        for name in ("journals", "trial_balance"):
            assert client.get(reverse(f"portal:{name}")).status_code == 403

    def test_say_that_debits_equal_credits(self, client: Client, auditor: User) -> None:
        client.force_login(auditor)

        page = client.get(reverse("portal:trial_balance"))

        assert page.context["balance"].difference_fen == 0
        assert "账簿平衡" in page.content.decode()
