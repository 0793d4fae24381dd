"""What the stories came to, as figures and files, read back from the product."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from applications.models import Application, ApplicationDocument
from contracts import terms
from contracts.models import Agreement, AgreementDocument
from core import clock
from core.money import to_yuan
from demo.stories import s1, s2, s3
from gateway.queries import usage_between
from ledger import balances
from licensing.models import License, LicenseDocument
from oversight.models import DestructionCertificate, ExitCase, OversightDocument, ViolationCase
from parties.queries import targets as annual_targets
from settlement.models import Statement, StatementDocument
from workflow import audit
from workflow.models import Deadline

DEADLINES_OF_APPLICATION = (
    "acceptance",
    "provider_review",
    "security_review",
    "committee",
    "overall",
    "signing",
)


def build(*, first: s1.Told, second: s2.Told, third: s3.Told) -> dict[str, Any]:
    """Return the report; every figure is text, so that no reader can round it."""
    found = audit.verify()
    units = annual_targets()
    difference = balances.trial_balance().difference_fen
    return {
        "s1": {
            "deadlines": _deadlines(first),
            "usage": _usage(first.agreement_id),
            "statement": _statement(first.agreement_id),
        },
        "s2": _second_try(second),
        "s3": _violation(third),
        "ledger": {"trial_balance": f"{difference}"},
        "audit": {
            "verified": found.ok,
            "entries": str(found.entries),
            "seals": str(found.seals),
        },
        "units": {"count": str(units.count), "sum": str(units.total)},
    }


def write(report: dict[str, Any], *, folder: Path) -> Path:
    """Write the report beside the documents."""
    path = folder / "report.json"
    text = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def keep_documents(*, folder: Path) -> int:
    """Write every document that the stories produced; return how many there are."""
    count = 0
    kinds = (
        ("申请", ApplicationDocument.objects.select_related("application").order_by("id")),
        # The steps between the text and the document with all signatures are not kept twice.
        (
            "协议",
            AgreementDocument.objects.exclude(kind="PART")
            .select_related("agreement")
            .order_by("id"),
        ),
        ("许可证", LicenseDocument.objects.select_related("license").order_by("id")),
        ("监督", OversightDocument.objects.order_by("id")),
        ("对账单", StatementDocument.objects.select_related("statement").order_by("id")),
    )
    target = folder / "documents"
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    for label, rows in kinds:
        for row in rows.iterator(chunk_size=50):
            ending = row.kind.lower() if label == "对账单" else "pdf"
            name = f"{label}-{_number_of(row)}-{row.kind}".replace("/", "-")
            (target / f"{name}.{ending}").write_bytes(bytes(row.file))
            count += 1
    return count


def _deadlines(told: s1.Told) -> dict[str, str]:
    rows = Deadline.objects.filter(
        subject_id=str(told.application_id), kind__in=DEADLINES_OF_APPLICATION
    )
    found = {row.kind: row.due_on.isoformat() for row in rows}
    credential = Deadline.objects.get(subject_id=str(told.agreement_id), kind="credential")
    return found | {"credential": credential.due_on.isoformat()}


def _second_try(told: s2.Told) -> dict[str, Any]:
    first = Application.objects.get(id=told.first_id)
    case = Application.objects.get(id=told.application_id)
    rival = Application.objects.get(id=told.rival_id)
    [correction] = case.corrections.all()
    conclusion = case.committee_conclusion or {}
    agreement = Agreement.objects.get(id=told.agreement_id)
    return {
        "first": {"state": first.state, "refusal": first.refusal_code},
        "correction_due": correction.due_on.isoformat(),
        "limit": told.limit_before,
        "limit_after_stop": _due(case, "overall"),
        "result": case.decision_result,
        "conditions": list(case.decisions.latest("version").conditions),
        "terms": _conditions_as_terms(agreement),
        "recused": str(conclusion["recused"]),
        "votes_against": str(conclusion["votes_against"]),
        "rival": {"result": rival.decision_result, "objection_due": _due(rival, "objection")},
        "agreement": agreement.state,
        "free": str(terms.parse(agreement.terms).is_free("D03")),
    }


def _conditions_as_terms(agreement: Agreement) -> dict[str, str]:
    stated = terms.parse(agreement.terms)
    dataset, handling = stated.dataset("D03"), stated.desensitization
    assert dataset is not None
    return {
        "mode": str(dataset.mode),
        "group_size_min": str(dataset.group_size_min),
        "output_check": str(bool(handling and handling.output_check)),
    }


def _due(case: Application, kind: str) -> str:
    return Deadline.objects.get(subject_id=str(case.pk), kind=kind).due_on.isoformat()


def _usage(agreement_id: UUID) -> dict[str, dict[str, str]]:
    usage = {}
    for row in License.objects.filter(agreement_id=agreement_id).select_related("dataset"):
        counted = usage_between(
            license_id=row.id,
            from_at=clock.start_of_day(date(2026, 11, 1)),
            to_at=clock.start_of_day(date(2026, 12, 1)),
        )
        usage[row.dataset.code] = {
            "billable": str(counted.billable),
            "server_errors": str(counted.server_errors),
            "retries": str(counted.retries),
            "refused": str(counted.refused),
        }
    return usage


def _statement(agreement_id: UUID) -> dict[str, Any]:
    statement = Statement.objects.get(agreement_id=agreement_id, period_from=date(2026, 11, 1))
    lines = {
        line.license.dataset.code: _yuan(line.gross_fen)
        for line in statement.lines.select_related("license__dataset")
    }
    fees = {fee.code: _yuan(fee.amount_fen) for fee in statement.fee_lines.all()}
    return {
        **lines,
        "gross": _yuan(statement.gross_fen),
        "net": _yuan(statement.net_fen),
        "vat": _yuan(statement.tax_fen),
        "split": [_yuan(share.amount_fen) for share in statement.shares.order_by("position")],
        "platform_fee": fees["PLATFORM_SERVICE_FEE"],
        "sandbox_fee": fees["COMPUTE_FEE"],
        "payable": _yuan(statement.payable_fen),
        "state": statement.state,
        "number": statement.number,
    }


def _violation(told: s3.Told) -> dict[str, str]:
    case = ViolationCase.objects.get(id=told.case_id)
    leaving = ExitCase.objects.get(id=told.exit_id)
    notice = case.notice
    certificates = DestructionCertificate.objects.filter(exit_case=leaving).order_by("id")
    return {
        "statement_due": case.statement_due_on.isoformat(),
        "destruction_due": leaving.destruction_due_on.isoformat(),
        "measure": case.measure,
        "notice_url": settings.PUBLIC_BASE_URL + reverse("portal:notice", args=[notice.pk]),
        "certificates": " ".join(
            "verified" if one.accepted else "rejected" for one in certificates
        ),
        "exit_state": leaving.state,
    }


def _number_of(row: Any) -> str:
    for owner in ("agreement", "license", "statement"):
        if hasattr(row, owner):
            number = getattr(row, owner).number
            return str(number)
    return str(row.number)


def _yuan(fen: int) -> str:
    return f"{to_yuan(fen):.2f}"
