"""The violation case until the hearing: report, file, evidence, interim measure. T17, §3.3."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import hashing
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from licensing.models import License
from oversight import rules
from oversight.actions import execution
from oversight.actions.access import ask, lock_alert, lock_case, numbered, one_of, stated
from oversight.actions.alerts import close_for_case
from oversight.errors import (
    EvidenceKnown,
    EvidenceMissing,
    EvidenceTooLarge,
    LicenseOfAnother,
)
from oversight.models import (
    Alert,
    CaseState,
    Code,
    Evaluation,
    Evidence,
    Measure,
    MeasureKind,
    Severity,
    ViolationCase,
)
from oversight.policies import REPORTERS
from parties import queries as parties
from parties.models import Organization
from parties.roles import Kind
from workflow import audit, deadlines, policy, transitions

REFERENCE_SERIES, CASE_SERIES = "锡数线", "锡数案"
OPEN_TO_EVIDENCE = (CaseState.REPORTED, CaseState.FILED, CaseState.INVESTIGATING)
INTERIM_KINDS = (MeasureKind.RESTRICT, MeasureKind.SUSPEND)


@transitions.action
def report_violation(
    *,
    party_id: UUID,
    license_ids: Iterable[UUID],
    source: str,
    report: str,
    actor: Any,
    at: datetime,
    alert_id: UUID | None = None,
) -> ViolationCase:
    """
    Report a suspected violation by a party, with the licenses concerned.

    An alert it stands on is closed with it and becomes the first piece of evidence.

    :raises LicenseOfAnother: no license, or one that is not the party's.
    :raises InvalidInput: an unknown source. :raises ReasonNeeded: nothing is reported.
    :raises Forbidden: the actor does not work in supervision.
    """
    if not any(parties.has_role(actor, role) for role in REPORTERS):
        raise Forbidden
    if source not in ViolationCase.Source.values:
        raise InvalidInput(fields={"source": _("Choose where the report comes from.")})
    party = Organization.objects.filter(id=party_id).first()
    if party is None:
        raise NotFound
    licenses = _licenses_of(party, license_ids)
    alert = lock_alert(alert_id, actor=actor) if alert_id else None
    if alert is not None and alert.organization_id != party.pk:
        raise InvalidInput(fields={"alert_id": _("The alert is about another party.")})
    case = _create(
        party, licenses, source=source, report=stated(report, field="report"), alert=alert,
        evaluation=None, actor=actor, at=at,
    )  # fmt: skip
    if alert is not None:
        close_for_case(alert, case_reference=case.reference, actor=actor, at=at)
        _keep_alert(case, alert, actor=actor, at=at)
    return case


def report_failed_evaluation(
    *, evaluation: Evaluation, reason: str, actor: Any, at: datetime
) -> ViolationCase:
    """Report the violation that a failed evaluation is suspected to show."""
    licenses = list(License.objects.filter(agreement_id=evaluation.agreement_id).order_by("id"))
    case = _create(
        evaluation.licensee,
        licenses,
        source=ViolationCase.Source.EVALUATION,
        report=f"定期评估{evaluation.number}不合格：{reason}",
        alert=None,
        evaluation=evaluation,
        actor=actor,
        at=at,
    )
    result = {
        "number": evaluation.number,
        "total": evaluation.total,
        "veto": evaluation.veto,
        "remarks": evaluation.remarks,
        "indicators": evaluation.indicators,
        "reason": reason,
    }
    _keep(
        case, name=f"评估结果 {evaluation.number}", source="定期评估",
        content=hashing.canonical_json(result), media_type="application/json", actor=actor, at=at,
    )  # fmt: skip
    return case


@transitions.action
def add_evidence(
    *,
    case_id: UUID,
    name: str,
    content: bytes,
    actor: Any,
    at: datetime,
    source: str = "现场检查",
    media_type: str = "application/octet-stream",
) -> Evidence:
    """
    Take a file into evidence, with its SHA-256 and whoever handed it in.

    :raises EvidenceTooLarge: it is beyond EVIDENCE_BYTES_MAX. :raises EvidenceKnown: it is there.
    :raises NotAllowedNow: the party has been heard on the evidence already.
    """
    case = lock_case(case_id, actor=actor)
    if not policy.may(actor, "oversight.add_evidence", case):
        raise Forbidden
    if case.state not in OPEN_TO_EVIDENCE:
        raise NotAllowedNow
    if not content or not name.strip():
        raise InvalidInput(fields={"content": _("Choose a file that is not empty, and name it.")})
    if len(content) > rules.EVIDENCE_BYTES_MAX:
        raise EvidenceTooLarge(fields={"content": EvidenceTooLarge.default_message})
    return _keep(
        case, name=name, source=source, content=content, media_type=media_type, actor=actor, at=at
    )


@transitions.action
def file_case(
    *,
    case_id: UUID,
    code: str,
    severity: str,
    facts: str,
    rule_article: str,
    actor: Any,
    at: datetime,
) -> ViolationCase:
    """
    Take a reported violation on the books; the actor becomes its investigator.

    ``code`` is V1 to V5. An interim restriction of its alert stands on until the decision.

    :raises InvalidInput: code, severity, facts or the rule broken are missing.
    :raises EvidenceMissing: there is no evidence. :raises NotAllowedNow: it is filed already.
    Source: T17.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "file", actor=actor, at=at)
    _check_filing(code=code, severity=severity, facts=facts, rule_article=rule_article)
    if not case.evidence.exists():
        raise EvidenceMissing
    transitions.perform(
        case,
        "file",
        actor=actor,
        at=at,
        number=numbered(CASE_SERIES, at=at),
        code=code,
        severity=severity,
        case_facts=facts.strip(),
        rule_article=rule_article.strip(),
        investigator=actor,
    )
    _take_over_interim(case, actor=actor, at=at)
    return case


@transitions.action
def begin_investigation(*, case_id: UUID, actor: Any, at: datetime) -> ViolationCase:
    """
    Begin the investigation of a filed case.

    :raises NotAllowedNow: it is not filed, or further on.
    """
    case = lock_case(case_id, actor=actor)
    return transitions.perform(case, "begin_investigation", actor=actor, at=at)


@transitions.action
def order_interim_measure(
    *,
    case_id: UUID,
    kind: str,
    reason: str,
    actor: Any,
    at: datetime,
    quota_factor: Decimal | str = "0.5",
) -> Measure:
    """
    Restrict or suspend the licenses of a case until it is decided.

    :raises InvalidInput: another kind of measure. :raises ReasonNeeded: no reason is stated.
    :raises NotAllowedNow: the case is not filed, or decided.
    :raises Forbidden: the actor may not restrict or suspend these licenses.
    """
    case = lock_case(case_id, actor=actor)
    if not policy.may(actor, "oversight.investigate_violationcase", case):
        raise Forbidden
    if case.state not in (CaseState.FILED, CaseState.INVESTIGATING, CaseState.HEARING_NOTICE):
        raise NotAllowedNow
    if kind not in INTERIM_KINDS:
        raise InvalidInput(fields={"kind": _("An interim measure restricts or suspends.")})
    if case.state == CaseState.FILED:
        transitions.perform(case, "begin_investigation", actor=actor, at=at)
    effects = execution.apply(
        case, kind, terms={"quota_factor": str(quota_factor)}, reason=stated(reason),
        until=None, actor=actor, at=at,
    )  # fmt: skip
    audit.record(case, "interim_measure", actor=actor, at=at, facts={"kind": kind})
    return Measure.objects.create(
        case=case,
        kind=kind,
        interim=True,
        terms={"quota_factor": str(quota_factor)} if kind == MeasureKind.RESTRICT else {},
        effects=effects,
        reason=reason.strip(),
        ordered_by=actor,
        ordered_at=at,
    )


@transitions.action
def dismiss_case(*, case_id: UUID, reason: str, actor: Any, at: datetime) -> ViolationCase:
    """
    End a case in which there is nothing, and lift what held meanwhile.

    :raises ReasonNeeded: no reason is stated. :raises NotAllowedNow: the party has been heard.
    """
    case = lock_case(case_id, actor=actor)
    ask(case, "dismiss", actor=actor, at=at)
    transitions.perform(case, "dismiss", actor=actor, at=at, reason=stated(reason))
    execution.lift_interim(case, reason=reason, at=at)
    deadlines.close_all(case, at=at)
    return case


def _create(
    party: Organization,
    licenses: list[License],
    *,
    source: str,
    report: str,
    alert: Alert | None,
    evaluation: Evaluation | None,
    actor: Any,
    at: datetime,
) -> ViolationCase:
    authority = licenses[0].authority
    case = ViolationCase(
        reference=numbered(REFERENCE_SERIES, at=at),
        source=source,
        party=party,
        authority=authority,
        alert=alert,
        evaluation=evaluation,
        report=report,
        reported_by=actor,
        reported_at=at,
    )
    # The party is not among the holders yet: it learns of the case by the hearing notice.
    transitions.create(
        case,
        actor=actor,
        at=at,
        facts={"party": party.name, "source": source},
        authority=authority,
        platform=one_of(Kind.PLATFORM),
    )
    case.licenses.set(licenses)
    return case


def _keep_alert(case: ViolationCase, alert: Alert, *, actor: Any, at: datetime) -> None:
    content = {
        "rule": alert.rule,
        "grade": alert.grade,
        "summary": alert.summary,
        "raised_at": alert.raised_at,
        "evidence": alert.evidence,
    }
    _keep(
        case, name=f"预警记录 {alert.grade}级", source="平台监测",
        content=hashing.canonical_json(content), media_type="application/json", actor=actor, at=at,
    )  # fmt: skip


def _keep(
    case: ViolationCase,
    *,
    name: str,
    source: str,
    content: bytes,
    media_type: str,
    actor: Any,
    at: datetime,
) -> Evidence:
    digest = hashing.digest(content)
    if case.evidence.filter(content_hash=digest).exists():
        raise EvidenceKnown
    evidence = Evidence.objects.create(
        case=case,
        position=case.evidence.count() + 1,
        name=name.strip()[:120],
        source=source.strip()[:120],
        media_type=media_type[:80],
        content=content,
        size_bytes=len(content),
        content_hash=digest,
        custodian=actor,
        received_at=at,
    )
    facts = {"name": evidence.name, "sha256": digest, "bytes": len(content)}
    audit.record(case, "add_evidence", actor=actor, at=at, facts=facts)
    return evidence


def _take_over_interim(case: ViolationCase, *, actor: Any, at: datetime) -> None:
    """Let the restriction of the alert stand on: a case was filed within its time."""
    if case.alert is None:
        return
    deadlines.close(case.alert, rules.INTERIM_MEASURE, at=at)
    standing = case.alert.measures.filter(ended_at=None, case=None, until__gt=at)
    for measure in standing:
        measure.case, measure.until = case, None
        measure.save(update_fields=["case", "until"])
        execution.apply(
            case, measure.kind, terms=measure.terms, reason=measure.reason, until=None,
            actor=actor, at=at,
        )  # fmt: skip


def _licenses_of(party: Organization, license_ids: Iterable[UUID]) -> list[License]:
    wanted = set(license_ids)
    found = list(
        License.objects.select_related("authority")
        .filter(id__in=wanted, licensee=party)
        .order_by("number", "id")
    )
    if not found or len(found) != len(wanted):
        raise LicenseOfAnother(fields={"license_ids": LicenseOfAnother.default_message})
    return found


def _check_filing(*, code: str, severity: str, facts: str, rule_article: str) -> None:
    wrong: dict[str, Any] = {}
    if code not in Code.values:
        wrong["code"] = _("Choose the kind of violation.")
    if severity not in Severity.values:
        wrong["severity"] = _("Say how grave it is.")
    if not facts.strip():
        wrong["facts"] = _("State the facts.")
    if not rule_article.strip() or len(rule_article.strip()) > 200:
        wrong["rule_article"] = _("Name the rule that was broken, in at most 200 characters.")
    if wrong:
        raise InvalidInput(fields=wrong)
