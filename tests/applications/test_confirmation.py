"""The confirmation of a submission, and a mail server that fails while a case is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from applications import actions, documents, queries
from applications.models import Application
from core.errors import NotFound
from notify import mail as mailing
from notify.models import Message
from parties.models import User
from tests.applications.conftest import acts_on
from tests.builders import applications as build
from tests.builders.applications import City
from workflow import outbox
from workflow.models import AuditEntry, Delivery

pytestmark = pytest.mark.django_db


class Broken:
    """A mail server that refuses everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise ConnectionRefusedError("no server")


BROKEN = f"{__name__}.Broken"


def get(who: User, name: str, case: Application) -> Any:
    client = Client()
    client.force_login(who)
    return client.get(reverse(f"portal:{name}", args=[case.pk]))


class TestConfirmation:
    def test_names_number_next_step_expected_day_contact_and_file(self, city: City) -> None:
        city.authority.contact_phone = "0510-00000000"
        city.authority.save()
        case = build.submitted(city)

        page = get(city.agent, "application_sent", case)

        text = page.content.decode()
        assert page.status_code == 200
        for part in (
            str(case.number), city.authority.name, "2026年9月17日", "0510-00000000",
            reverse("portal:application_receipt", args=[case.pk]),
        ):  # fmt: skip
            assert part in text

    def test_keeps_its_address_and_what_it_says_after_the_case_has_moved_on(
        self, city: City
    ) -> None:
        case = build.submitted(city)
        before = queries.confirmation(application_id=case.pk, actor=city.agent)
        actions.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)

        assert get(city.agent, "application_sent", case).status_code == 200
        assert queries.confirmation(application_id=case.pk, actor=city.agent) == before

    def test_of_a_draft_or_for_a_stranger_is_not_found(
        self, city: City, draft: Application
    ) -> None:
        for name in ("application_sent", "application_receipt"):
            assert get(city.agent, name, draft).status_code == 404
        case = build.submitted(city)
        for name in ("application_sent", "application_receipt"):
            assert get(city.stranger, name, case).status_code == 404
        with pytest.raises(NotFound):
            queries.receipt(application_id=case.pk, actor=city.stranger)

    def test_is_told_the_people_of_the_applicant_once_with_its_address(self, city: City) -> None:
        case = build.submitted(city)
        for _ in range(2):
            outbox.deliver_due(at=build.SUBMITTED)

        told = Message.objects.filter(link=reverse("portal:application_sent", args=[case.pk]))
        assert {m.recipient for m in told} == {city.agent, city.legal_rep}
        assert told.count() == 2
        assert all(str(case.number) in m.subject for m in told)


class TestReceipt:
    def test_holds_every_entry_of_the_submission_in_words(self, city: City) -> None:
        case = build.submitted(city)

        facts = queries.receipt(application_id=case.pk, actor=city.agent)

        entries = dict(row for _, rows in facts.sections for row in rows)
        assert build.SCENARIO["purpose_text"] in entries.values()
        assert "产业发展" in entries.values()
        assert any(label.startswith("D01 ") for label in entries)
        assert facts.content_hash == case.snapshots.get().content_hash
        assert not any("INDUSTRY" in text or "TRUE_MATERIAL" in text for text in entries.values())

    def test_is_the_same_file_tomorrow_and_says_nothing_of_a_change_under_way(
        self, city: City
    ) -> None:
        case = build.submitted(city)
        first = documents.render_receipt(
            queries.receipt(application_id=case.pk, actor=city.agent)
        )
        Application.objects.filter(pk=case.pk).update(purpose_text="后来改写的用途。" * 5)

        later = get(city.agent, "application_receipt", case)

        assert later["Content-Type"] == "application/pdf"
        assert later.content == first
        assert first.startswith(b"%PDF")


class TestMailServerThatFails:
    def test_neither_undoes_a_decision_nor_repeats_it_and_the_letter_arrives_once(
        self, city: City
    ) -> None:
        with override_settings(EMAIL_BACKEND=BROKEN):
            _city, case = build.approved_application(city)
            at = build.DECIDED
            while outbox.deliver_due(at=at):
                pass
            acts = acts_on(case)
            for hours in range(3):
                mailing.send_due(at=at + timedelta(hours=hours))
                outbox.deliver_due(at=at + timedelta(hours=hours))

        case.refresh_from_db()
        told = Message.objects.filter(recipient=city.agent, topic="decision")
        # The agreement follows the decision as if every letter had arrived.
        assert case.state == Application.State.AGREEMENT_STAGE
        assert acts_on(case) == acts
        assert AuditEntry.objects.filter(subject_id=str(case.pk), action="approve").count() == 1
        assert not Delivery.objects.exclude(status="DONE").filter(
            event__subject_id=str(case.pk)
        ).exists()
        letter = told.get()
        assert (letter.mail_attempts, letter.mailed_at) == (3, None)

        later = at + timedelta(days=1)
        for _ in range(2):
            mailing.send_due(at=later)
        letter.refresh_from_db()
        arrived = [
            m for m in mail.outbox if m.subject == letter.subject and city.agent.email in m.to
        ]
        assert len(arrived) == 1
        assert letter.mailed_at == later
        assert acts_on(case) == acts
