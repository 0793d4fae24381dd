"""The page of one case, and the papers of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from applications import form
from applications.models import Application, ApplicationDocument, ProviderBranch
from applications.policies import works_for_the_applicant
from applications.queries import rows
from applications.queries.access import (
    is_of_applicant,
    visible_application,
    visible_applications,
)
from applications.queries.answers import answers_of
from applications.queries.checks import checks_of
from applications.queries.children import family_of
from applications.queries.consultation import reads_as_consulted
from applications.queries.items import items_of
from applications.queries.private import without_private
from applications.queries.strip import office_of, strip_of
from applications.queries.timeline import timeline_of
from applications.queries.verdicts import items_of_decision, result_name_of, state_name_of
from core.errors import NotFound
from workflow import deadlines, policy, transitions

BRANCH_TONES = {"OPEN": "blue", "DRAFTED": "yellow", "ANSWERED": "green", "CLOSED": "secondary"}
DECISION_TONES = {"APPROVED": "green", "APPROVED_WITH_CONDITIONS": "green", "REJECTED": "red"}


def case_page(*, application_id: UUID, actor: Any, at: datetime) -> rows.CasePage:
    """
    Return the page of a case as this reader may see it.

    :raises NotFound: there is no such case for this actor.
    """
    case = visible_application(application_id=application_id, actor=actor)
    is_applicant = is_of_applicant(case, actor=actor)
    consulted = not is_applicant and reads_as_consulted(case, actor=actor)
    clocks = deadlines.of_subject(case, at=at, names=not (is_applicant or consulted))
    page = rows.CasePage(
        **_identity(case),
        **_content(case),
        # The applicant reads the opinions with the decision, not while they are being formed;
        # whoever is asked for an opinion forms an own one.
        items=items_of(
            case,
            with_opinions=case.decided_at is not None or not (is_applicant or consulted),
        ),
        strip=strip_of(case),
        clocks=clocks,
        timeline=timeline_of(case, is_applicant=is_applicant, consulted=consulted),
        documents=documents_of(case, actor=actor),
        checks=checks_of(case),
        offers=_offers(case, clocks, actor=actor),
        branches=_branches(case, actor=actor, at=at),
        correction=correction_of(case),
        assessment=None if is_applicant else assessment_of(case),
        conclusion=None
        if is_applicant and case.decided_at is None
        else conclusion_of(case),
        decisions=_decisions(case),
        objection=objection_of(case),
        is_applicant=is_applicant,
        sees_panel=_sees_panel(case, actor),
        manages_clocks=policy.may(actor, "applications.manage_clock", case),
        may_copy=policy.may(actor, "applications.edit_application", case),
        **_copies(case, actor=actor),
        further=answers_of(case, of_applicant=is_applicant),
        family=family_of(case, actor=actor, at=at),
        fast_lane=case.fast_lane if not is_applicant or case.decided_at else None,
    )
    return without_private(page) if consulted else page


def _offers(
    case: Application, clocks: tuple[deadlines.ClockView, ...], *, actor: Any
) -> tuple[transitions.Offer, ...]:
    """Return what can be done now; an objection only while its period runs."""
    in_time = any(c.kind == "objection" and c.status in ("normal", "soon") for c in clocks)
    offers = transitions.offers(case, actor=actor)
    return tuple(offer for offer in offers if offer.name != "object" or in_time)


def documents_of(case: Application, *, actor: Any) -> tuple[rows.DocumentRow, ...]:
    """Return the papers of a case that a reader may have, as issued, without their bytes."""
    papers = case.documents.defer("file").exclude(kind__in=_withheld(case, actor)).order_by("id")
    return tuple(
        rows.DocumentRow(
            p.pk,
            str(p.get_kind_display()),
            p.number,
            p.content_hash,
            p.created_at,
        )
        for p in papers
    )


def document(*, document_id: int, actor: Any) -> tuple[str, bytes]:
    """
    Return name and bytes of one paper.

    :raises NotFound: there is no such paper for this actor.
    """
    found = (
        ApplicationDocument.objects.filter(
            id=document_id, application__in=visible_applications(actor)
        )
        .select_related("application")
        .first()
    )
    if (
        found is None
        or found.kind in _withheld(found.application, actor)
        or reads_as_consulted(found.application, actor=actor)
    ):
        raise NotFound
    return f"{found.number}.pdf", bytes(found.file)


def _withheld(case: Application, actor: Any) -> tuple[str, ...]:
    """Return the kinds of paper kept from a reader: who voted how is not for the applicant."""
    if works_for_the_applicant(actor, case) is None:
        return ()
    return (ApplicationDocument.Kind.MINUTES,)


def correction_of(case: Application) -> rows.CorrectionRow | None:
    """Return the correction notice of a case, if one was issued."""
    notice = case.corrections.order_by("-submission_round").first()
    if notice is None:
        return None
    answers = notice.answers or {}
    return rows.CorrectionRow(
        number=notice.number,
        issued_at=notice.issued_at,
        due_on=notice.due_on,
        answered_at=notice.answered_at,
        defects=tuple(
            rows.Defect(number=str(n), answer=answers.get(str(n), ""), **d)
            for n, d in enumerate(notice.defects, 1)
        ),
    )


def assessment_of(case: Application) -> rows.AssessmentRow | None:
    """Return the security assessment of a case, if it has one."""
    found = getattr(case, "assessment", None)
    if found is None:
        return None
    return rows.AssessmentRow(
        findings=tuple(found.findings),
        conclusion=found.conclusion,
        conditions=tuple(found.conditions),
        valid_until=found.valid_until,
        version=found.version,
        assessor_name=found.assessed_by.full_name,
    )


def conclusion_of(case: Application) -> rows.ConclusionRow | None:
    """Return what the committee concluded, if it has."""
    found = case.committee_conclusion
    return None if found is None else conclusion_row(found)


def conclusion_row(found: dict[str, Any]) -> rows.ConclusionRow:
    """Return a frozen count of a panel as pages show it."""
    mean = found["mean_hundredths"]
    return rows.ConclusionRow(
        passed=found["passed"],
        seats=found["seats"],
        recused=found["recused"],
        present=found["present"],
        votes_for=found["votes_for"],
        votes_against=found["votes_against"],
        votes_abstain=found["votes_abstain"],
        mean=f"{mean // 100}.{mean % 100:02d}",
        minutes_number=found.get("minutes_number", ""),
        conditions=tuple(found.get("conditions", ())),
        items=tuple(
            rows.ItemConclusionRow(
                code=code,
                votes_for=row["for"],
                votes_against=row["against"],
                votes_abstain=row["abstain"],
                passed=row["passed"],
                tie=row.get("tie", False),
            )
            for code, row in found.get("items", {}).items()
        ),
        failures=tuple(found.get("failures", ())),
    )


def objection_of(case: Application) -> rows.ObjectionRow | None:
    """Return the objection to the decision, if one was filed."""
    found = getattr(case, "objection", None)
    if found is None:
        return None
    return rows.ObjectionRow(found.grounds, found.filed_at, found.answer, found.answered_at)


def _identity(case: Application) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number or "",
        "scenario_code": case.scenario_code or "",
        "scenario_name": case.scenario_name,
        "state": case.state,
        "state_name": state_name_of(case),
        "tone": rows.tone_of(case.state),
        "applicant_id": case.applicant_id,
        "applicant_name": case.applicant.name,
        "applicant_uscc": case.applicant.uscc,
        "authority_name": case.authority.name,
        "handler_name": case.handler.full_name if case.handler else "",
        "office": office_of(case),
        "submitted_at": case.submitted_at,
        "refusal": case.refusal_reason,
        "withdrawal_reason": case.withdrawal_reason,
    }


def _content(case: Application) -> dict[str, Any]:
    signed = case.commitments.get("codes", ())
    return {
        "purpose_class_name": str(case.get_purpose_class_display()),
        "purpose_text": case.purpose_text,
        "expected_products": case.expected_products,
        "benefit_statement": case.benefit_statement,
        "term_months": case.term_months,
        "monthly_quota": case.monthly_quota,
        "delivery_mode_name": str(case.get_delivery_mode_display()),
        "environment_name": str(case.get_environment_display()),
        "protection_level": case.protection_level,
        "protection_certificate": case.protection_certificate,
        "region": case.region,
        "onward_supply": case.onward_supply,
        "cross_border": case.cross_border,
        "security_plan": tuple(
            (str(title), case.security_plan.get(topic, ""))
            for topic, title in form.SECURITY_TOPICS.items()
        ),
        "commitments": tuple(str(form.COMMITMENTS[c]) for c in signed if c in form.COMMITMENTS),
        "signer": case.commitments.get("signer", ""),
    }


def _branches(case: Application, *, actor: Any, at: datetime) -> tuple[rows.BranchRow, ...]:
    found = list(case.branches.select_related("provider").order_by("provider__name", "id"))
    clocks = deadlines.of_subjects(found, at=at)
    seen = set(
        policy.visible(actor, "applications.see_providerbranch", ProviderBranch)
        .filter(application=case)
        .values_list("pk", flat=True)
    )
    return tuple(
        rows.BranchRow(
            id=b.pk,
            application_id=case.pk,
            number=case.number or "",
            scenario_name=case.scenario_name,
            provider_name=b.provider.name,
            state=b.state,
            state_name=str(b.get_state_display()),  # type: ignore[attr-defined]
            tone=BRANCH_TONES[b.state],
            clock=next(iter(clocks.get(str(b.pk), ())), None),
            visible=b.pk in seen,
        )
        for b in found
    )


def _decisions(case: Application) -> tuple[rows.DecisionRow, ...]:
    return tuple(
        rows.DecisionRow(
            version=d.version,
            number=d.number,
            result=d.result,
            result_name=result_name_of(d),
            tone=DECISION_TONES[d.result],
            reasons=d.reasons,
            conditions=tuple(d.conditions),
            departure_reason=d.departure_reason,
            decider_name=d.decided_by.full_name,
            decided_at=d.decided_at,
            partial=d.partial,
            items=items_of_decision(d),
        )
        for d in case.decisions.select_related("decided_by")
        .prefetch_related("items__dataset")
        .order_by("-version")
    )


def _copies(case: Application, *, actor: Any) -> dict[str, Any]:
    """Return the case this one was copied from and its copies, as far as the reader sees them."""
    related = Q(copied_from=case) | Q(pk=case.copied_from_id)
    found = visible_applications(actor).filter(related).order_by("created_at", "id")
    links = [
        (c.pk, rows.CaseLink(c.pk, c.number or "", str(c.get_state_display())))  # type: ignore[attr-defined]
        for c in found[: settings.PAGE_ROWS_MAX]
    ]
    return {
        "copied_from": next((link for pk, link in links if pk == case.copied_from_id), None),
        "copies": tuple(link for pk, link in links if pk != case.copied_from_id),
    }


def _sees_panel(case: Application, actor: Any) -> bool:
    return any(
        policy.holds(actor, permission, case)
        for permission in (
            "applications.seat_panel",
            "applications.vote_application",
            "applications.decide_application",
        )
    )
