"""One of everything that a page can be about, brought about by the real actions."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from applications import actions as applications
from applications.actions import Upload
from applications.models import (
    ApplicationDocument,
    Attachment,
    CommitteeTerm,
    ProviderBranch,
    Roster,
)
from contracts import actions as contracts
from contracts.models import (
    Agreement,
    AgreementDocument,
    BaseTemplate,
    ClauseVersion,
    SigningBatch,
    TermProfile,
)
from licensing import actions as licensing
from notify.models import Message
from oversight import actions as oversight
from oversight.models import Evaluation, Evidence, ExitCase, OversightDocument, PublicNotice
from parties import actions as parties
from parties.models import Affiliate, User
from parties.roles import Role
from settlement import actions as settlement
from settlement.models import PriceVersion
from tests.applications import calendar_support as calendars
from tests.applications.desk_support import PDF, ask, colleague, take
from tests.applications.file_support import attach
from tests.applications.form_editor_support import PART
from tests.applications.form_support import field as asked_field
from tests.applications.form_support import publish, section
from tests.applications.test_clock_rules import propose
from tests.applications.test_eligibility import proposal as checks_as_now
from tests.applications.test_roster import AT, proposal
from tests.builders import applications as build
from tests.builders import oversight as cases
from tests.builders.applications import City, day
from tests.builders.companies import fresh_uscc
from tests.builders.contracts import negotiating_agreement
from tests.builders.licensing import APPROVED, Licensed
from tests.builders.settlement import Counter, build_counter, use_of_november
from workflow import outbox
from workflow.models import Delivery, Event


@dataclass
class Things:
    """One of everything, and the four readers."""

    samples: dict[str, Any]
    readers: dict[str, User]
    city: City


def build_things() -> Things:
    """Bring a company through the whole life of its license, into trouble and out of it."""
    counter = build_counter()
    city = counter.city
    city, second = negotiating_agreement(city, scenario_name="第二个场景")
    client = licensing.register_client(
        agreement_id=counter.agreement.pk, name="授信核验系统", purpose="授信核验。",
        ip_allow_list=[], actor=city.agent, at=APPROVED,
    )  # fmt: skip
    licensing.approve_client(client_id=client.pk, actor=city.ops, at=APPROVED)
    built = Licensed(city, counter.agreement, counter.licenses, client)
    key = licensing.request_credential(client_id=client.pk, actor=city.agent, at=APPROVED)
    use_of_november(counter)
    statement = counter.issued()
    line = statement.lines.order_by("id").first()
    dispute = settlement.dispute_line(
        statement_id=statement.pk, line_id=line.pk, reason="与本单位日志不符。",
        actor=city.agent, at=day("2026-12-02"),
    )  # fmt: skip
    alert = oversight.raise_alert(
        rule="OFF_HOURS", grade="II", summary="夜间批量调用", actor=city.supervisor,
        at=day("2026-12-02"), license_id=counter.licenses["D01"].pk,
    )  # fmt: skip
    around = of_company(city) | of_desk(city) | of_committee(city) | of_clocks(city)
    where = cases.World(built, key, counter.exchange, city.supervisor)
    case = cases.decided(where)
    oversight.publish_notice(case_id=case.pk, actor=city.supervisor, at=day("2026-07-02"))
    event = Event.objects.order_by("id").first()
    letter = Delivery.objects.create(
        event=event, subscriber="test.dead", status="DEAD", due_at=day("2026-12-02")
    )
    outbox.deliver_due(at=day("2026-12-03"))
    listed = {"list_name": "mine", "query": "", "actor": city.agent, "at": day("2026-12-02")}
    export = applications.begin_export(tab="", form="CSV", columns=["number"], **listed)
    applications.run_exports(now=lambda: day("2026-12-02"))
    view = applications.save_view(name="在办", share=False, is_default=False, **listed)
    made = {
        "export": export,
        "saved_view": view,
        **of_negotiation(city, second),
        "client": client,
        "credential_request": client,
        "credential": key,
        "statement": statement,
        "dispute": statement,
        "line": line,
        "dispute_row": dispute,
        "alert": alert,
        "case": case,
        "redrive": letter,
    }
    made |= of_life(counter)
    files = of_files(city)
    letters = of_letters(city, second)
    return Things(made | around | found_samples(counter) | files | letters, readers_of(city), city)


def of_letters(city: City, agreement: Any) -> dict[str, Any]:
    """Return a power of attorney that waits for its review."""
    letter = contracts.file_mandate(
        agreement_id=agreement.pk, delegate_id=city.agent.pk, valid_until=date(2026, 12, 31),
        name="授权委托书.pdf", content=b"%PDF-1.7", actor=city.legal_rep,
        at=day("2026-10-15", 11),
    )  # fmt: skip
    return {"mandate": letter, "mandate_new": agreement}


def of_negotiation(city: City, agreement: Agreement) -> dict[str, Any]:
    """Return a proposal and a conversation of an agreement that is being negotiated."""
    key = {"agreement_id": agreement.pk, "actor": city.agent, "at": day("2026-10-15", 11)}
    change = contracts.propose_change(
        changes={"retention": {"days": 7}}, reason="便于管理。", **key
    )
    thread = contracts.comment_on_clause(
        clause="retention", text="七日是否够用？", internal=False, **key
    )
    pages = ("negotiation", "versions", "propose", "comment")
    return {
        "agreement_change": change,
        "agreement_thread": thread,
        **{f"agreement_{name}": agreement for name in pages},
    }


def found_samples(counter: Counter) -> dict[str, Any]:
    """Return what the life of the license left behind."""
    application = counter.agreement.application
    return {
        "message": Message.objects.filter(recipient=counter.city.agent).first(),
        "application_document": ApplicationDocument.objects.filter(kind="DECISION").first(),
        "application_branch": ProviderBranch.objects.filter(application=application).first(),
        "application": application,
        "application_file_room": application,
        "agreement_paper": AgreementDocument.objects.first(),
        "agreement": counter.agreement,
        "term_profile": TermProfile.objects.first(),
        "agreement_draft": application,
        "term_profile_new": counter.city.datasets[0],
        "base_template": BaseTemplate.objects.get(kind="P1"),
        "clause": ClauseVersion.objects.get(code="retention"),
        "license": counter.licenses["D01"],
        "usage": counter.licenses["D01"],
        "client_new": counter.licenses["D01"],
        "dataset_desk": counter.city.datasets[0],
        "dataset": counter.city.datasets[0],
        "price": PriceVersion.objects.first(),
        "evidence_file": Evidence.objects.first(),
        "oversight_document": OversightDocument.objects.first(),
        "evaluation": Evaluation.objects.first(),
        "exit": ExitCase.objects.first(),
        "verify_number": counter.licenses["D01"],
        "status_list": counter.licenses["D01"],
        "notice": PublicNotice.objects.first(),
    }


def of_life(counter: Counter) -> dict[str, Any]:
    """Return the next version of an agreement, its proposed end, and the issue of its licenses."""
    city, agreement, at = counter.city, counter.agreement, day("2026-12-02")
    amendment = contracts.propose_amendment(
        agreement_id=agreement.pk, changes={"retention": {"days": 7}}, reason="缩短留存。",
        actor=city.agent, at=at,
    )  # fmt: skip
    ending = contracts.begin_termination(
        agreement_id=agreement.pk, cause="MUTUAL", reason="业务调整。", legal_basis="协议第21条",
        actor=city.legal_rep, at=at,
    )  # fmt: skip
    job = licensing.queue_issue(agreement_id=agreement.pk, at=at)
    job.batch = SigningBatch.objects.create(signer=city.leader, signed_at=at)
    job.save()
    return {
        "amendment": amendment,
        "ending": ending,
        "issuing_batch": job.batch,
        "issuing_again": job,
    }


def of_company(city: City) -> dict[str, Any]:
    """Return a version of the company's profile under way, its seats and an open invitation."""
    key = {"actor": city.legal_rep, "at": AT}
    profile = parties.begin_profile(organization_id=city.applicant.pk, **key)
    evidence = parties.add_evidence(
        profile_id=profile.pk, kind="BUSINESS_LICENSE", name="执照.pdf", content=PDF, **key
    )
    parties.add_affiliate(
        profile_id=profile.pk, name="示例关联公司", uscc=fresh_uscc(), kind="PARENT", **key
    )
    invitation = parties.invite(
        organization_id=city.applicant.pk, email="neu@example.com",
        role=Role.APPLICANT_SECURITY, **key,
    )  # fmt: skip
    return {
        "company": profile,
        "company_evidence": evidence,
        "company_evidence_add": profile,
        "company_evidence_remove": profile,
        "company_affiliate_remove": profile,
        "company_seat_end": city.legal_rep.desks.get(),
        "company_invitation": invitation,
        "profile": profile,
        "organization": city.applicant,
        "evidence_row": evidence,
        "affiliate_row": Affiliate.objects.get(profile=profile),
    }


def of_desk(city: City) -> dict[str, Any]:
    """Return what the office notes, asks and hears of a case under review."""
    case = build.submitted(city, scenario_name="第三个场景")
    take(case, city.case)
    note = applications.add_comment(
        application_id=case.pk, section="scenario", text="请核对。", actor=city.case,
        at=build.SUBMITTED,
    )  # fmt: skip
    applications.accept_application(application_id=case.pk, actor=city.case, at=build.ACCEPTED)
    [opinion] = ask(case, city, city.supervisor)
    question = applications.ask_clarification(
        application_id=case.pk, question="请说明用途。", actor=city.case, at=build.ACCEPTED
    )
    applications.answer_clarification(
        clarification_id=question.pk, text="见附件。", files=[Upload("说明.pdf", PDF)],
        actor=city.agent, at=build.ACCEPTED,
    )  # fmt: skip
    leave = applications.delegate_for_leave(
        delegate_id=colleague(city).pk, from_on=date(2026, 12, 1), until_on=date(2026, 12, 2),
        reason="年休假", actor=city.case, at=build.ACCEPTED,
    )  # fmt: skip
    return {
        "application_reply": note,
        "application_resolve": note,
        "application_clarify": question,
        "application_advise": opinion,
        "application_attachment": Attachment.objects.first(),
        "application_leave": leave,
    }


def of_files(city: City) -> dict[str, Any]:
    """Return a draft with a file on it; comes last, because every draft has this form after it."""
    publish(city, section("papers", asked_field("plan", "FILE")))
    draft = build.drafted(city, scenario_name="第四个场景")
    return {
        "application_file": attach(city, draft),
        "application_file_attach": draft,
        "application_file_remove": draft,
        "application_delete": draft,
    }


def of_committee(city: City) -> dict[str, Any]:
    """Return a meeting, the roster, a term of office, drafted rules and a drafted form."""
    meeting = applications.plan_meeting(
        planned_at=day("2026-12-20"), place="一号会议室", online=False, actor=city.secretary, at=AT
    )
    rule = applications.propose_panel_rule(actor=city.secretary, at=AT, **proposal())
    form = applications.draft_form(dataset_code="D01", actor=city.case, at=AT)
    checks = applications.propose_eligibility_rule(actor=city.decider, at=AT, **checks_as_now())
    switch = oversight.propose_switch(
        permission="applications.accept_application", reason="升级", legal_basis="测试依据",
        actor=city.supervisor, at=AT,
    )  # fmt: skip
    return {
        "form": applications.edit_form(
            definition_id=form.pk, content={"sections": [PART]}, legal_basis="依据",
            actor=city.case, at=AT,
        ),
        "committee_meeting": meeting,
        "committee_agenda": meeting,
        "committee_appoint": Roster.objects.first(),
        "committee_roster": Roster.objects.first(),
        "committee_term": CommitteeTerm.objects.first(),
        "committee_rule": rule,
        "eligibility_rule": checks,
        "switch": switch,
    }


def of_clocks(city: City) -> dict[str, Any]:
    """Return a calendar that was handed in and a proposed rule of a time limit."""
    with tempfile.TemporaryDirectory() as folder:
        calendar = calendars.handed_in(Path(folder), city.case)
    return {"calendar": calendar, "clock_rule": propose(city.case)}


def readers_of(city: City) -> dict[str, User]:
    """Return the four readers."""
    return {
        "own": city.agent,
        "colleague": city.legal_rep,
        "other company": city.stranger,
        "none": User.objects.create_user(
            username="nobody", full_name="无岗", password="x", created_at=day("2026-01-01")
        ),
    }


