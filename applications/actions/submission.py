"""Submission, the one correction, and the acceptance desk. Source: domain T01-T05."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications import documents, eligibility, form
from applications.actions import papers
from applications.actions.access import ask, lock_application
from applications.actions.branches import open_branches
from applications.actions.child_rules import ask_child
from applications.actions.holding import change_holding
from applications.actions.snapshots import take_snapshot
from applications.eligibility_words import shown
from applications.errors import CorrectionUsedUp, FormIncomplete, NotEligible
from applications.models import Application, CorrectionNotice, EligibilityCheck
from applications.queries import collect_facts, content_of
from applications.queries.forms import form_of, gaps_of, sections_of_case
from applications.queries.rulebook import rules_on
from core import clock
from core.calendars import next_number
from core.errors import InvalidInput
from parties import queries as parties
from parties.errors import NotVerified
from workflow import deadlines, policy, transitions
from workflow.models import ClockStop

DEFECTS_MAX = 30
# Why an application is not accepted. Source: domain T04.
REFUSAL_CODES = {
    "NON_OPEN": _("The data are not open"),
    "OUT_OF_SCOPE": _("Outside the scope of conditional opening"),
    "UNLAWFUL_PURPOSE": _("The purpose is not lawful"),
    "NOT_CORRECTED": _("Not corrected as asked"),
    "OTHER": _("Other reason"),
}
DEMAND_CHANNEL = "可通过本平台“需求征集”提出数据需求，由数据主管部门转请有关单位研究答复。"
REMEDY = (
    "如不服本决定，可自收到本通知书之日起六十日内申请行政复议，"
    "或者自收到本通知书之日起六个月内提起行政诉讼。"
)


@transitions.action
def submit_application(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """
    Submit a complete draft: checks, number, acceptance clock.

    :raises FormIncomplete: something is missing; ``fields`` says what in which section.
    :raises NotVerified: the verification of the applicant has run out.
    :raises NotEligible: a blocking check failed.
    :raises Forbidden: the actor is not the applicant's agent.
    Source: domain T01.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "submit", actor=actor, at=at)
    _ask_verified(application, at=at)
    _ask_complete(application)
    _check(application, sequence=1, at=at)
    year = clock.local_date(at).year
    transitions.perform(
        application,
        "submit",
        actor=actor,
        at=at,
        number=f"WX-SQ-{year}-{next_number(f'applications.application.{year}'):05d}",
        # A child case goes on under the scenario of its parent.
        scenario_code=application.scenario_code
        or f"CJ-{year}-{next_number(f'applications.scenario.{year}'):05d}",
    )
    policy.grant(application, authority=application.authority, platform=application.platform)
    take_snapshot(application, actor=actor, at=at)
    deadlines.start(application, "acceptance", at=at)
    return application


@transitions.action
def request_correction(
    *, application_id: UUID, defects: Iterable[Mapping[str, str]], actor: Any, at: datetime
) -> Application:
    """
    Return an application once, naming every defect at once.

    A defect is {"section", "item", "problem", "required"}. The acceptance clock stands, the clock
    of the applicant runs.

    :raises CorrectionUsedUp: this submission was returned before.
    :raises InvalidInput: no defect, or one that is not complete.
    Source: domain T02.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "request_correction", actor=actor, at=at)
    named = _clean_defects(
        defects, sections={*form.SECTIONS, "answers", *sections_of_case(application)}
    )
    round_ = application.submission_round
    if CorrectionNotice.objects.filter(application=application, submission_round=round_).exists():
        raise CorrectionUsedUp
    basis = papers.legal_basis(application, "acceptance", at=at)
    clock_ = deadlines.start(application, "correction", at=at)
    transitions.perform(
        application, "request_correction", actor=actor, at=at, defects=len(named)
    )
    number = papers.number_for("CORRECTION", at=at)
    deadlines.stop(
        application,
        "acceptance",
        cause=ClockStop.Cause.CORRECTION,
        reason=f"补正通知书 {number}",
        actor=actor,
        at=at,
    )
    CorrectionNotice.objects.create(
        application=application,
        submission_round=round_,
        number=number,
        defects=named,
        due_on=clock_.due_on,
        issued_by=actor,
        issued_at=at,
    )
    facts = documents.CorrectionFacts(
        issue=papers.issue_facts(application, number=number, at=at),
        case=papers.case_facts(application),
        legal_basis=basis,
        defects=tuple(
            documents.Defect(item=d["item"], problem=d["problem"], required=d["required"])
            for d in named
        ),
        working_days=clock_.working_days,
        due_on=clock_.due_on,
        provisional=clock_.provisional,
    )
    content = documents.render_correction(facts)
    papers.store(application, kind="CORRECTION", number=number, content=content, at=at)
    return application


@transitions.action
def resubmit_application(
    *, application_id: UUID, answers: Mapping[str, str], actor: Any, at: datetime
) -> Application:
    """
    Hand a corrected application in again; the acceptance clock runs on where it stood.

    ``answers`` maps the number of each defect ("1", "2", …) to what was done about it.

    :raises InvalidInput: a defect is not answered.
    :raises FormIncomplete: something is missing.
    :raises NotEligible: a blocking check failed.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "resubmit", actor=actor, at=at)
    _ask_verified(application, at=at)
    notice = CorrectionNotice.objects.select_for_update(of=("self",)).get(
        application=application, submission_round=application.submission_round
    )
    given = {str(key): str(text).strip() for key, text in answers.items()}
    wanted = [str(n) for n in range(1, len(notice.defects) + 1)]
    silent = [number for number in wanted if not given.get(number)]
    if silent:
        raise InvalidInput(fields={n: _("Say what was done about this.") for n in silent})
    _ask_complete(application)
    _check(application, sequence=_next_sequence(application), at=at)
    notice.answers, notice.answered_at = {number: given[number] for number in wanted}, at
    notice.save()
    transitions.perform(application, "resubmit", actor=actor, at=at)
    take_snapshot(application, actor=actor, at=at)
    deadlines.close(application, "correction", at=at)
    if deadlines.standing(application, "acceptance") is not None:
        deadlines.resume(application, "acceptance", actor=actor, at=at)
    else:
        # Returned before clocks stood through a correction: theirs was closed then.
        deadlines.start(application, "acceptance", at=at)
    return application


@transitions.action
def accept_application(*, application_id: UUID, actor: Any, at: datetime) -> Application:
    """
    Accept an application and open one branch per provider.

    The actor becomes the handler and can no longer decide the case. The checks run again.

    :raises NotEligible: a blocking check fails now.
    Source: domain T03, T05.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "accept", actor=actor, at=at)
    _check(application, sequence=_next_sequence(application), at=at)
    basis = papers.legal_basis(application, "acceptance", at=at)
    transitions.perform(application, "accept", actor=actor, at=at, handler=actor)
    change_holding(application, person=actor, given_by=actor, at=at)
    deadlines.close(application, "acceptance", at=at)
    deadlines.start(application, "overall", at=at)
    open_branches(application, at=at)
    number = papers.number_for("ACCEPTANCE", at=at)
    facts = documents.AcceptanceFacts(
        issue=papers.issue_facts(application, number=number, at=at),
        case=papers.case_facts(application),
        accepted=True,
        legal_basis=basis,
        deadlines=papers.deadline_lines(application, ["provider_review", "overall"], at=at),
    )
    content = documents.render_acceptance(facts)
    papers.store(application, kind="ACCEPTANCE", number=number, content=content, at=at)
    return application


@transitions.action
def refuse_acceptance(
    *, application_id: UUID, reason_code: str, reason: str, actor: Any, at: datetime
) -> Application:
    """
    Refuse to accept an application, with reasons and the way to ask for data.

    :raises InvalidInput: an unknown reason code, or no reason.
    Source: domain T04.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "refuse_acceptance", actor=actor, at=at)
    if reason_code not in REFUSAL_CODES:
        raise InvalidInput(fields={"reason_code": _("Choose one of the reasons.")})
    if not reason.strip():
        raise InvalidInput(fields={"reason": _("State the reason.")})
    basis = papers.legal_basis(application, "acceptance", at=at)
    transitions.perform(
        application,
        "refuse_acceptance",
        actor=actor,
        at=at,
        reason_code=reason_code,
        reason=reason.strip(),
    )
    deadlines.close_all(application, at=at)
    number = papers.number_for("NON_ACCEPTANCE", at=at)
    facts = documents.AcceptanceFacts(
        issue=papers.issue_facts(application, number=number, at=at),
        case=papers.case_facts(application),
        accepted=False,
        legal_basis=basis,
        reasons=papers.plain_lines(reason),
        demand_channel=DEMAND_CHANNEL if reason_code == "NON_OPEN" else "",
        remedy=REMEDY,
    )
    content = documents.render_acceptance(facts)
    papers.store(application, kind="NON_ACCEPTANCE", number=number, content=content, at=at)
    return application


def _ask_verified(application: Application, *, at: datetime) -> None:
    if not parties.has_valid_verification(application.applicant, at=at):
        raise NotVerified


def _ask_complete(application: Application) -> None:
    gaps = gaps_of(
        application, content=content_of(application), merged=form_of(application)
    )
    if gaps:
        raise FormIncomplete(
            fields={
                f"{section}.{name}": text
                for section, problems in gaps.items()
                for name, text in problems.items()
            }
        )


def _check(application: Application, *, sequence: int, at: datetime) -> None:
    ask_child(application)
    rules = rules_on(on=clock.local_date(at))
    facts = collect_facts(application=application, at=at)
    findings = eligibility.run_checks(facts=facts, rules=rules)
    blocking = eligibility.blocking_failures(findings)
    if blocking:
        reasons = "；".join(gettext(f.message) % shown(f.evidence) for f in blocking)
        raise NotEligible(reasons=reasons, codes=[f.code for f in blocking])
    EligibilityCheck.objects.bulk_create(
        EligibilityCheck(
            application=application,
            sequence=sequence,
            code=f.code,
            result=f.result,
            blocking=f.blocking,
            reason=f.message,
            evidence=f.evidence,
            rule_version=rules.version,
            checked_at=at,
        )
        for f in findings
    )


def _next_sequence(application: Application) -> int:
    last = EligibilityCheck.objects.filter(application=application).order_by("-sequence").first()
    return last.sequence + 1 if last else 1


def _clean_defects(
    defects: Iterable[Mapping[str, str]], *, sections: set[str]
) -> list[dict[str, str]]:
    named = [
        {key: str(d.get(key) or "").strip() for key in ("section", "item", "problem", "required")}
        for d in defects
    ]
    if not 0 < len(named) <= DEFECTS_MAX:
        raise InvalidInput(fields={"defects": _("Name every defect at once, at least one.")})
    for defect in named:
        if defect["section"] not in sections or not all(defect.values()):
            raise InvalidInput(
                fields={"defects": _("A defect names section, item, problem and what is required.")}
            )
    return named
