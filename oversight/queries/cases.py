"""Violation cases as the authority and, from the hearing on, the party read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import NotFound
from licensing.models import Credential, License
from oversight import ladder, masking, words
from oversight.models import (
    CaseState,
    Code,
    Evidence,
    ExitCase,
    Measure,
    MeasureKind,
    OversightDocument,
    ViolationCase,
)
from oversight.policies import REPORTERS
from oversight.queries.case_rows import (
    CasePage,
    CaseRow,
    DocumentRow,
    Effect,
    EvidenceRow,
    LicenseLine,
    MeasureRow,
    NoticePreview,
    PartyChoice,
    Proposal,
    StatementRow,
)
from oversight.queries.records import prior_count, violation_lines
from oversight.queries.strips import Stage, strip, tone
from parties import queries as parties
from workflow import deadlines, history, policy, transitions

S = CaseState
STAGES = (
    Stage(_("Report of the violation"), (S.REPORTED,), _("Supervision desk")),
    Stage(_("Filing and investigation"), (S.FILED, S.INVESTIGATING), _("Supervisor")),
    Stage(_("Hearing of the party"), (S.HEARING_NOTICE,), _("Party")),
    Stage(
        _("Decision on the violation"), (S.STATEMENT_RECEIVED, S.WAIVED, S.DECIDED), _("Decider")
    ),
    Stage(_("Enforcement"), (S.ENFORCED,), _("System")),
    Stage(_("Publication"), (S.PUBLISHED, S.OBJECTION, S.UPHELD, S.CHANGED), _("Authority")),
    Stage(_("End"), (S.REPAIRED, S.CLOSED, S.DISMISSED)),
)
BEFORE_DECISION = (
    S.REPORTED, S.FILED, S.INVESTIGATING, S.HEARING_NOTICE, S.STATEMENT_RECEIVED, S.WAIVED
)  # fmt: skip
OPEN_TO_EVIDENCE = (S.REPORTED, S.FILED, S.INVESTIGATING)


def my_cases(
    *, actor: Any, open_only: bool = False, limit: int | None = None
) -> tuple[CaseRow, ...]:
    """Return the violation cases an actor may see, the newest first."""
    rows = _with_names(policy.visible(actor, "oversight.see_violationcase", ViolationCase))
    if open_only:
        rows = rows.exclude(state__in=[S.CLOSED, S.DISMISSED, S.REPAIRED])
    size = min(limit or settings.PAGE_ROWS_MAX, settings.PAGE_ROWS_MAX)
    return tuple(_row(row) for row in rows.order_by("-reported_at", "id")[:size])


def case_page(*, case_id: UUID, actor: Any, at: Any) -> CasePage:
    """
    Return one violation case: evidence, clocks, the ladder's proposal and what it would do.

    :raises NotFound: there is none, or the actor may not see it.
    """
    case = _visible(actor).filter(id=case_id).first()
    if case is None:
        raise NotFound
    licenses = list(case.licenses.select_related("dataset").order_by("number", "id"))
    is_party = any(d.organization_id == case.party_id for d in parties.desks_of(actor))
    # Who reported it and what is weighed before the decision is not for the party.
    weighed = case.state in BEFORE_DECISION and case.code and not is_party
    proposals = _proposals(case, licenses, at=at) if weighed else ()
    return CasePage(
        row=_row(case),
        is_party=is_party,
        report="" if is_party else case.report,
        reported_by="" if is_party else case.reported_by.full_name,
        facts=case.facts,
        rule_article=case.rule_article,
        severity_name=str(case.get_severity_display()) if case.severity else "",
        source_name=str(case.get_source_display()),
        investigator=case.investigator.full_name if case.investigator and not is_party else "",
        party_id=case.party_id,
        party_uscc=case.party.uscc,
        licenses=tuple(_license(row) for row in licenses),
        evidence=_evidence(case),
        statements=_statements(case),
        measures=_measures(case),
        documents=_documents(case),
        prior=violation_lines(organization_id=case.party_id, at=at),
        repeated=prior_count(case, at=at) > 0 if case.code else False,
        proposals=proposals,
        damages_limit_fen=_damages_limit(case),
        proposed_measure_name=str(case.get_proposed_measure_display())
        if case.proposed_measure
        else "",
        statement_due_on=case.statement_due_on,
        **_decision(case),
        preview=_preview(case),
        notice_id=case.notice.pk if hasattr(case, "notice") else None,
        notice_number=case.notice.number if hasattr(case, "notice") else "",
        exits=tuple(
            (row.exit_case.pk, row.exit_case.number)
            for row in licenses
            if hasattr(row, "exit_case") and case.state not in BEFORE_DECISION
        ),
        strip=strip(STAGES, state=case.state, ended=(S.CLOSED, S.DISMISSED, S.REPAIRED)),
        clocks=deadlines.of_subject(case, at=at),
        timeline=history.timeline(case),
        offers=transitions.offers(case, actor=actor),
        may_add_evidence=case.state in OPEN_TO_EVIDENCE
        and policy.may(actor, "oversight.add_evidence", case),
        may_order_interim=case.state in (S.FILED, S.INVESTIGATING, S.HEARING_NOTICE)
        and policy.may(actor, "oversight.investigate_violationcase", case),
    )


def evidence_file(*, evidence_id: int, actor: Any) -> tuple[str, str, bytes]:
    """
    Return name, media type and content of a piece of evidence.

    :raises NotFound: there is none, or the actor may not see its case.
    """
    found = (
        Evidence.objects.filter(
            id=evidence_id,
            case__in=policy.visible(actor, "oversight.see_violationcase", ViolationCase),
        )
        .values_list("name", "media_type", "content")
        .first()
    )
    if found is None:
        raise NotFound
    return found[0], found[1], bytes(found[2])


def oversight_document(*, document_id: int, actor: Any) -> tuple[str, bytes]:
    """
    Return number and PDF of a paper of a case or an exit.

    :raises NotFound: there is none, or the actor may not see what it belongs to.
    """
    row = OversightDocument.objects.filter(id=document_id).first()
    if row is None:
        raise NotFound
    cases = policy.visible(actor, "oversight.see_violationcase", ViolationCase)
    exits = policy.visible(actor, "oversight.see_exitcase", ExitCase)
    of_case = row.case_id is not None and cases.filter(pk=row.case_id).exists()
    of_exit = row.exit_case_id is not None and exits.filter(pk=row.exit_case_id).exists()
    if not (of_case or of_exit):
        raise NotFound
    return row.number, bytes(row.file)


def reportable_parties(*, actor: Any) -> tuple[PartyChoice, ...]:
    """Return the licensees an actor may report on, with their licenses; by name, bounded."""
    if not any(parties.has_role(actor, role) for role in REPORTERS):
        return ()
    rows = (
        policy.visible(actor, "licensing.see_license", License)
        .select_related("licensee", "dataset")
        .order_by("licensee__name", "number", "id")[: settings.PAGE_ROWS_MAX * 4]
    )
    return tuple(
        PartyChoice(
            party_id=row.licensee_id,
            party_name=row.licensee.name,
            license_id=row.pk,
            license_number=row.number,
            dataset=f"{row.dataset.code} {row.dataset.title}",
        )
        for row in rows
    )


def _decision(case: ViolationCase) -> dict[str, Any]:
    return {
        "decision_number": case.decision_number,
        "decided_at": case.decided_at,
        "decided_by": case.decided_by.full_name if case.decided_by else "",
        "measure_name": str(case.get_measure_display()) if case.measure else "",
        "reasons": case.reasons,
        "statement_answer": case.statement_answer,
        "departure_reason": case.departure_reason,
        "damages_fen": case.damages_fen,
        "end_reason": case.end_reason,
    }


def _visible(actor: Any) -> QuerySet[ViolationCase]:
    visible = policy.visible(actor, "oversight.see_violationcase", ViolationCase)
    return _with_names(visible).select_related(
        "reported_by", "investigator", "decided_by", "notice", "authority"
    )


def _proposals(
    case: ViolationCase, licenses: list[License], *, at: Any
) -> tuple[Proposal, ...]:
    repeated = prior_count(case, at=at) > 0
    provided = ladder.allowed(code=case.code, severity=case.severity, repeated=repeated)
    return tuple(
        Proposal(
            measure=kind,
            name=str(MeasureKind(kind).label),
            provided=kind in provided,
            proposed=kind == provided[0],
            bars=ladder.bar_of(code=case.code, measure=kind, repeated=repeated) is not None,
            effect=_effect(case, kind, licenses),
        )
        for kind in ladder.ORDER
    )


def _effect(case: ViolationCase, kind: str, licenses: list[License]) -> Effect:
    """Count what a measure would reach now."""
    if kind == ladder.WARN:
        return Effect(0, 0)
    if kind == ladder.CLOSE and case.code == "V2":
        held = License.objects.filter(licensee_id=case.party_id, state__in=License.LIVE)
        reached = list(held)
    else:
        reached = [row for row in licenses if row.state in License.LIVE]
    if kind != ladder.CLOSE:
        return Effect(len(reached), 0)
    ids = {row.pk for row in reached}
    agreements = {row.agreement_id for row in reached}
    kept = set(
        License.objects.filter(agreement_id__in=agreements, state__in=License.LIVE)
        .exclude(pk__in=ids)
        .values_list("agreement_id", flat=True)
    )
    credentials = Credential.objects.filter(
        agreement_id__in=agreements - kept, state__in=Credential.LIVE
    ).count()
    return Effect(len(reached), credentials)


def _preview(case: ViolationCase) -> NoticePreview | None:
    if case.state != S.ENFORCED:
        return None
    final = case.measures.filter(interim=False, ended_at=None).first()
    return NoticePreview(
        party_name=case.party.name,
        act=masking.mask_text(case.facts, persons=()),
        code_name=words.CODE_NAMES[case.code],
        measures=tuple(final.terms.get("lines", ())) if final else (),
    )


def _damages_limit(case: ViolationCase) -> int:
    agreements = {
        row.agreement_id: row.agreement.terms
        for row in case.licenses.select_related("agreement")
    }
    return sum(
        int((terms.get("breach") or {}).get("liquidated_damages_fen") or 0)
        for terms in agreements.values()
    )


def _license(row: License) -> LicenseLine:
    return LicenseLine(
        id=row.pk,
        number=row.number,
        dataset=f"{row.dataset.code} {row.dataset.title}",
        state_name=str(row.get_state_display()),
        tone="red" if row.state not in License.LIVE else tone(row.state),
        restricted=row.restriction is not None,
    )


def _evidence(case: ViolationCase) -> tuple[EvidenceRow, ...]:
    rows = case.evidence.defer("content").select_related("custodian").order_by("position")
    return tuple(
        EvidenceRow(
            id=row.pk,
            position=row.position,
            name=row.name,
            source=row.source,
            size_bytes=row.size_bytes,
            content_hash=row.content_hash,
            custodian=row.custodian.full_name,
            received_at=row.received_at,
        )
        for row in rows[: settings.PAGE_ROWS_MAX]
    )


def _statements(case: ViolationCase) -> tuple[StatementRow, ...]:
    rows = case.statements.select_related("given_by").order_by("given_at", "id")
    return tuple(
        StatementRow(
            kind_name=str(row.get_kind_display()),
            text=row.text,
            given_by=row.given_by.full_name,
            given_at=row.given_at,
            answer=row.answer,
            content_hash=row.content_hash,
        )
        for row in rows[:20]
    )


def _measures(case: ViolationCase) -> tuple[MeasureRow, ...]:
    return tuple(_measure(row) for row in case.measures.order_by("ordered_at", "id")[:20])


def _measure(row: Measure) -> MeasureRow:
    return MeasureRow(
        name=str(row.get_kind_display()),
        interim=row.interim,
        reason=row.reason,
        ordered_at=row.ordered_at,
        until=row.until,
        ended_at=row.ended_at,
        effects=tuple(
            f"{one.get('number', '')} {words.EFFECTS.get(one.get('effect', ''), '')}".strip()
            for one in row.effects
        ),
    )


def _documents(case: ViolationCase) -> tuple[DocumentRow, ...]:
    rows = case.documents.defer("file").order_by("created_at", "id")
    return tuple(
        DocumentRow(
            id=row.pk,
            kind_name=str(row.get_kind_display()),
            number=row.number,
            content_hash=row.content_hash,
            created_at=row.created_at,
        )
        for row in rows[:20]
    )


def _with_names(rows: QuerySet[ViolationCase]) -> QuerySet[ViolationCase]:
    return rows.select_related("party")


def _row(row: ViolationCase) -> CaseRow:
    return CaseRow(
        id=row.pk,
        number=row.number or row.reference,
        party_name=row.party.name,
        code=row.code,
        code_name=str(Code(row.code).label) if row.code else "",
        state=row.state,
        state_name=str(row.get_state_display()),
        tone=tone(row.state),
        reported_at=row.reported_at,
    )
