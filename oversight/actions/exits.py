"""The exit after a license has ended: destruction proved, accounts squared. Source: T20, §3.8."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.calendar import add_months
from core import clock, hashing
from core.errors import InvalidInput, NotAllowedNow, NotFound
from licensing.models import License
from oversight import certificates, rules, topics
from oversight.actions import papers
from oversight.actions.access import ask, lock_exit, numbered, one_of, stated
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.errors import CertificateIncomplete, CertificateInvalid, ReasonNeeded
from oversight.models import DestructionCertificate, ExitCase
from oversight.queries.indicators import usage_of_license
from parties.roles import Kind, Role
from workflow import deadlines, transitions

EXIT_SERIES, RECORD_SERIES = "锡数退", "锡数销核"
CAUSES = {
    License.State.REVOKED: ExitCase.Cause.REVOKED,
    License.State.EXPIRED: ExitCase.Cause.EXPIRED,
    License.State.SURRENDERED: ExitCase.Cause.SURRENDERED,
}


@transitions.action
def open_exit(*, license_id: UUID, actor: Any, at: datetime) -> ExitCase:
    """
    Open the exit of a license that has ended; repeatable.

    Access is closed since the license ended, the usage is frozen, and the destruction is due so
    many working days after the day access was closed.

    :raises NotFound: there is no such license.
    :raises NotAllowedNow: it has not ended, or another license took its place.
    """
    subject = (
        License.objects.select_for_update(of=("self",), no_key=True)
        .select_related("licensee", "provider", "authority", "agreement")
        .filter(id=license_id)
        .first()
    )
    if subject is None:
        raise NotFound
    known = ExitCase.objects.filter(license=subject).first()
    if known is not None:
        return known
    cause = CAUSES.get(subject.state)  # type: ignore[call-overload]
    if cause is None or subject.ended_at is None:
        raise NotAllowedNow
    terms = subject.agreement.terms.get("exit") or {}
    case = ExitCase(
        number=numbered(EXIT_SERIES, at=at),
        license=subject,
        licensee=subject.licensee,
        authority=subject.authority,
        cause=cause,
        cause_text=subject.end_reason,
        disposal=terms.get("disposal") or "DESTROY",
        triggered_at=at,
    )
    transitions.create(
        case, actor=actor, at=at, facts={"license": subject.number, "cause": cause},
        licensee=subject.licensee, provider=subject.provider, authority=subject.authority,
        platform=one_of(Kind.PLATFORM), exchange=one_of(Kind.EXCHANGE),
    )  # fmt: skip
    _order_destruction(case, closed_at=subject.ended_at, actor=actor, at=at)
    return case


@transitions.action
def submit_certificate(
    *,
    exit_id: UUID,
    number: str,
    copies: Iterable[Mapping[str, Any]],
    none_of: Iterable[str],
    method: str,
    standard: str,
    operator: str,
    witness: str,
    destroyed_on: date,
    actor: Any,
    at: datetime,
) -> DestructionCertificate:
    """
    Take a certificate of destruction.

    ``copies`` are {kind, location, content, method, destroyed_on}; ``none_of`` names the kinds of
    copies there never were. A gap does not stop the submission: the verification finds it.

    :raises CertificateInvalid: entries are missing or impossible, or the number is known.
    :raises NotAllowedNow: no certificate is due.
    Source: domain §3.2 DeletionCertificate; GF-2025-2616 art. 11.
    """
    case = lock_exit(exit_id, actor=actor)
    ask(case, "submit_certificate", actor=actor, at=at)
    said = {
        "number": number.strip(), "method": method.strip(), "standard": standard.strip(),
        "operator": operator.strip(), "witness": witness.strip(),
    }  # fmt: skip
    rows, absent = certificates.read(
        stated=said, copies=copies, none_of=none_of, destroyed_on=destroyed_on,
        today=clock.local_date(at),
    )  # fmt: skip
    content = {**said, "copies": rows, "none_of": absent, "destroyed_on": destroyed_on}
    certificate = _store_certificate(case, content, actor=actor, at=at)
    transitions.perform(
        case, "submit_certificate", actor=actor, at=at, turn=certificate.round,
        content_hash=certificate.content_hash,
    )  # fmt: skip
    deadlines.start(case, rules.DESTRUCTION_VERIFICATION, at=at)
    tell(
        case,
        organization=one_of(Kind.PLATFORM),
        roles=(Role.PLATFORM_OPS, Role.SECURITY_OFFICER),
        topic=topics.EXIT,
        text=_("Certificate of destruction to verify: %(number)s") % {"number": case.number},
        route="exit",
        occasion=f"certificate-{certificate.round}",
        at=at,
    )
    return certificate


@transitions.action
def verify_certificate(*, exit_id: UUID, actor: Any, at: datetime) -> ExitCase:
    """
    Confirm the destruction and issue the record of its verification.

    :raises CertificateIncomplete: the certificate has gaps, so it can only be rejected.
    :raises NotAllowedNow: no certificate waits.
    """
    case = lock_exit(exit_id, actor=actor)
    ask(case, "verify_certificate", actor=actor, at=at)
    certificate = _waiting(case)
    gaps = certificates.gaps(copies=certificate.copies, none_of=certificate.none_of)
    if gaps:
        words = "；".join(str(certificates.GAP_WORDS[gap]) for gap in gaps)
        raise CertificateIncomplete(gaps=words)
    _judge(certificate, accepted=True, findings=[], actor=actor, at=at)
    transitions.perform(
        case, "verify_certificate", actor=actor, at=at, turn=certificate.round, verifier=actor
    )
    deadlines.close_all(case, at=at)
    papers.destruction_record(case, number=numbered(RECORD_SERIES, at=at), at=at)
    _tell_licensee(case, _("Destruction verified: %(number)s"), "verified", at)
    return case


@transitions.action
def reject_certificate(
    *, exit_id: UUID, findings: Iterable[str], actor: Any, at: datetime
) -> ExitCase:
    """
    Send a certificate back with what is missing; the time runs on.

    :raises ReasonNeeded: nothing is named. :raises NotAllowedNow: no certificate waits.
    """
    case = lock_exit(exit_id, actor=actor)
    ask(case, "reject_certificate", actor=actor, at=at)
    listed = [line.strip() for line in findings if line.strip()]
    if not listed:
        raise ReasonNeeded(fields={"findings": ReasonNeeded.default_message})
    certificate = _waiting(case)
    _judge(certificate, accepted=False, findings=listed, actor=actor, at=at)
    transitions.perform(
        case, "reject_certificate", actor=actor, at=at, turn=certificate.round,
        reason="；".join(listed),
    )  # fmt: skip
    deadlines.close(case, rules.DESTRUCTION_VERIFICATION, at=at)
    text = _("Certificate of destruction rejected: %(number)s")
    _tell_licensee(case, text, f"rejected-{certificate.round}", at, body="；".join(listed))
    return case


@transitions.action
def begin_final_settlement(
    *, exit_id: UUID, refund_fen: int, damages_fen: int, note: str, actor: Any, at: datetime
) -> ExitCase:
    """
    State what is refunded and what is owed at the end, in whole fen.

    :raises InvalidInput: an amount below zero. :raises NotAllowedNow: destruction is not verified.
    """
    case = lock_exit(exit_id, actor=actor)
    ask(case, "begin_final_settlement", actor=actor, at=at)
    wrong: dict[str, str | Promise] = {
        name: _("Enter an amount of zero or more.")
        for name, fen in (("refund_fen", refund_fen), ("damages_fen", damages_fen))
        if fen < 0
    }
    if wrong:
        raise InvalidInput(fields=wrong)
    return transitions.perform(
        case, "begin_final_settlement", actor=actor, at=at, refund_fen=refund_fen,
        damages_fen=damages_fen, note=stated(note, field="note"),
    )  # fmt: skip


@transitions.action
def archive_exit(*, exit_id: UUID, actor: Any, at: datetime) -> ExitCase:
    """
    Put the file of an exit away for RETENTION_YEARS years.

    :raises NotAllowedNow: the final settlement is not stated.
    """
    case = lock_exit(exit_id, actor=actor)
    until = add_months(clock.local_date(at), months=12 * rules.RETENTION_YEARS)
    return transitions.perform(case, "archive", actor=actor, at=at, retain_until=until)


def _order_destruction(
    case: ExitCase, *, closed_at: datetime, actor: Any, at: datetime
) -> None:
    transitions.perform(case, "close_access", actor=actor, at=at, closed_at=closed_at)
    usage = usage_of_license(case.license_id)
    transitions.perform(case, "freeze_usage", actor=actor, at=at, usage=usage)
    # The count begins with the day access was closed, not with the day we heard of it.
    due = deadlines.start(case, rules.DESTRUCTION, at=closed_at)
    transitions.perform(case, "order_destruction", actor=actor, at=at, due_on=due.due_on)
    body = _("Destroy all data received and submit the certificate by %(day)s.") % {
        "day": date_format(due.due_on)
    }
    _tell_licensee(case, _("Destruction of data due: %(number)s"), "due", at, body=body)


def _store_certificate(
    case: ExitCase, content: dict[str, Any], *, actor: Any, at: datetime
) -> DestructionCertificate:
    if DestructionCertificate.objects.filter(number=content["number"]).exists():
        raise CertificateInvalid(fields={"number": _("A certificate of this number is known.")})
    return DestructionCertificate.objects.create(
        exit_case=case,
        round=case.certificates.count() + 1,
        **content,
        content_hash=hashing.digest_of(content),
        submitted_by=actor,
        submitted_at=at,
    )


def _waiting(case: ExitCase) -> DestructionCertificate:
    return case.certificates.select_for_update().get(accepted=None)


def _judge(
    certificate: DestructionCertificate,
    *,
    accepted: bool,
    findings: list[str],
    actor: Any,
    at: datetime,
) -> None:
    certificate.accepted, certificate.findings = accepted, findings
    certificate.checked_by, certificate.checked_at = actor, at
    certificate.save(update_fields=["accepted", "findings", "checked_by", "checked_at"])


def _tell_licensee(
    case: ExitCase, text: Any, occasion: str, at: datetime, *, body: Any = ""
) -> None:
    tell(
        case,
        organization=case.licensee,
        roles=(*PARTY_ROLES, Role.APPLICANT_SECURITY),
        topic=topics.EXIT,
        text=text % {"number": case.number},
        body=body,
        route="exit",
        occasion=occasion,
        at=at,
    )
