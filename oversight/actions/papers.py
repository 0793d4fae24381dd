"""Letters and records of oversight: built from the case, stored in the transaction that issues."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from core import clock, hashing
from core.money import capital_chinese, format_yuan
from oversight import certificates, documents, ladder, rules, words
from oversight.models import (
    DestructionCertificate,
    ExitCase,
    OversightDocument,
    PartyStatement,
    PublicNotice,
    ViolationCase,
)
from workflow.models import DeadlineRule

Kind = OversightDocument.Kind
DEMO_WATERMARK = "演示"


def days_of(kind: str, *, at: datetime) -> int:
    """Return how many working days the rule of a deadline gives on the day of ``at``."""
    rule = (
        DeadlineRule.objects.filter(kind=kind, effective_on__lte=clock.local_date(at))
        .order_by("-version")
        .first()
    )
    defaults = {one.kind: one.working_days for one in rules.RULES}
    return rule.working_days if rule else defaults[kind]


def hearing_notice(
    case: ViolationCase,
    *,
    number: str,
    proposed: str,
    due_on: date,
    provisional: bool,
    at: datetime,
) -> OversightDocument:
    """Issue the letter that asks the party for its statement."""
    text = "；".join(
        line
        for m in case.measures.filter(interim=True, ended_at=None).order_by("id")
        for line in words.measure_lines(m.kind, terms=m.terms, damages="", bar="")
    )
    facts = documents.HearingNoticeFacts(
        issue=_issue(case.authority.name, number=number, at=at),
        violation=_violation(case),
        evidence=_evidence(case),
        proposed_measures=tuple(
            words.measure_lines(proposed, terms=restriction_terms(proposed), damages="", bar="")
        ),
        interim_measure=f"本机关已采取临时措施：{text}" if text else "",
        statement_working_days=days_of(rules.PARTY_STATEMENT, at=at),
        statement_due_on=due_on,
        provisional=provisional,
        contact=words.CONTACT,
    )
    content = documents.render_hearing_notice(facts)
    return _store(content, kind=Kind.HEARING_NOTICE, number=number, at=at, case=case)


def decision(
    case: ViolationCase, *, lines: list[str], destruction_due_on: date | None,
    publish: tuple[date, date], at: datetime,
) -> OversightDocument:  # fmt: skip
    """Issue the decision on a violation."""
    statement = case.statements.filter(kind=PartyStatement.Kind.STATEMENT).first()
    facts = documents.ViolationDecisionFacts(
        issue=_issue(case.authority.name, number=case.decision_number, at=at),
        violation=_violation(case),
        evidence=_evidence(case),
        statement_summary=f"当事人陈述：{statement.text}" if statement else words.WAIVED,
        statement_answer=case.statement_answer or case.reasons,
        measures=tuple(lines),
        legal_basis=words.LEGAL_BASIS,
        destruction_due_on=destruction_due_on,
        publish_from=publish[0],
        publish_to=publish[1],
        remedy=words.REMEDY.format(days=days_of(rules.VIOLATION_OBJECTION, at=at)),
    )
    content = documents.render_violation_decision(facts)
    return _store(content, kind=Kind.DECISION, number=case.decision_number, at=at, case=case)


def public_notice(notice: PublicNotice, *, at: datetime) -> OversightDocument:
    """Issue the notice as a paper with the QR code of its address."""
    facts = documents.PublicNoticeFacts(
        issue=_issue(notice.authority.name, number=notice.number, at=at),
        violation=documents.Violation(
            case_number=notice.case.number or "",
            party=notice.party_name,
            party_uscc=notice.party_uscc,
            license_number="、".join(notice.license_numbers),
            dataset="、".join(notice.datasets),
            code=notice.code,
            code_name=words.CODE_NAMES[notice.code],
            rule_article=notice.rule_article,
            act=notice.act,
        ),
        decision_number=notice.decision_number,
        measures=tuple(notice.measures),
        legal_basis=words.LEGAL_BASIS,
        publish_from=notice.publish_from,
        publish_to=notice.publish_to,
        repair_channel=words.REPAIR.format(months=rules.REPAIR_MONTHS_MIN),
        notice_url=notice_url(notice),
    )
    content = documents.render_public_notice(facts)
    return _store(content, kind=Kind.NOTICE, number=notice.number, at=at, notice=notice)


def destruction_record(
    exit_case: ExitCase, *, number: str, at: datetime
) -> OversightDocument:
    """Issue the record of how the destruction was verified, all rounds of it."""
    subject = exit_case.license
    closed_at = exit_case.access_closed_at
    due_on = exit_case.destruction_due_on
    assert closed_at is not None
    assert due_on is not None
    local = closed_at.astimezone(clock.SHANGHAI)
    facts = documents.DestructionRecordFacts(
        issue=_issue(exit_case.authority.name, number=number, at=at),
        party=exit_case.licensee.name,
        party_uscc=exit_case.licensee.uscc,
        license_number=subject.number,
        dataset=f"{subject.dataset.title}（{subject.dataset.code}）",
        cause=words.CAUSES[exit_case.cause],
        access_closed_at=f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
        due_on=due_on,
        rounds=tuple(
            _round(row)
            for row in exit_case.certificates.select_related("checked_by").order_by("round")
        ),
    )
    content = documents.render_destruction_record(facts)
    return _store(
        content, kind=Kind.DESTRUCTION_RECORD, number=number, at=at, exit_case=exit_case
    )


def notice_url(notice: PublicNotice) -> str:
    """Return the address of a notice, which stays when the notice is taken off."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('portal:notice', args=[notice.pk])}"


def restriction_terms(kind: str) -> dict[str, Any]:
    """Return the terms of a restriction by the ladder: half the quota for thirty days."""
    if kind != ladder.RESTRICT:
        return {}
    return {"quota_factor": "0.5", "days": rules.RESTRICTION_DAYS}


def damages_phrase(fen: int) -> str:
    """Return an amount in figures and capitals, or nothing for nothing."""
    if not fen:
        return ""
    return f"人民币{format_yuan(fen, sign='')}元（大写：{capital_chinese(fen)}）"


def _round(row: DestructionCertificate) -> documents.CertificateRound:
    assert row.checked_at is not None
    assert row.checked_by is not None
    return documents.CertificateRound(
        certificate_number=row.number,
        submitted_on=clock.local_date(row.submitted_at),
        method=row.method,
        standard=row.standard,
        operator=row.operator,
        witness=row.witness,
        certificate_sha256=row.content_hash,
        copies=tuple(
            documents.DestroyedCopy(
                location=copy["location"],
                content=copy["content"],
                kind=certificates.CHINESE_KINDS[copy["kind"]],
                method=copy["method"],
                destroyed_on=date.fromisoformat(copy["destroyed_on"])
                if copy["destroyed_on"]
                else None,
            )
            for copy in row.copies
        ),
        accepted=bool(row.accepted),
        findings=tuple(row.findings),
        checked_by=row.checked_by.full_name,
        checked_on=clock.local_date(row.checked_at),
    )


def _issue(authority: str, *, number: str, at: datetime) -> documents.Issue:
    return documents.Issue(
        authority=authority,
        number=number,
        issued_at=at,
        demo_seal=settings.DEMO,
        watermark=DEMO_WATERMARK if settings.DEMO else "",
    )


def _violation(case: ViolationCase) -> documents.Violation:
    licenses = list(case.licenses.select_related("dataset").order_by("number"))
    return documents.Violation(
        case_number=case.number or case.reference,
        party=case.party.name,
        party_uscc=case.party.uscc,
        license_number="、".join(row.number for row in licenses),
        dataset="、".join(f"{row.dataset.title}（{row.dataset.code}）" for row in licenses),
        code=case.code,
        code_name=words.CODE_NAMES[case.code],
        rule_article=case.rule_article,
        act=case.facts,
    )


def _evidence(case: ViolationCase) -> tuple[documents.Evidence, ...]:
    return tuple(
        documents.Evidence(name=row.name, source=row.source, sha256=row.content_hash)
        for row in case.evidence.defer("content").order_by("position")
    )


def _store(content: bytes, *, kind: str, number: str, at: datetime, **owner: Any) -> Any:
    return OversightDocument.objects.create(
        kind=kind,
        number=number,
        content_hash=hashing.digest(content),
        file=content,
        created_at=at,
        **owner,
    )
