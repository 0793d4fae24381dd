"""Who may do what to an application and to its branches."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Consultation, ProviderBranch
from parties.queries import desks_of, near_organizations
from workflow import policy

AGENT = ("applicant", "APPLICANT_AGENT")
LEGAL_REP = ("applicant", "APPLICANT_LEGAL_REP")
CASE = ("authority", "AUTHORITY_CASE")
DECIDER = ("authority", "AUTHORITY_DECIDER")
SECRETARY = ("committee", "COMMITTEE_SECRETARY")


def affiliation(person: Any, application: Application) -> str | Promise | None:
    """Return why a person is too near: a desk at the applicant, its affiliate or a provider."""
    around = {application.applicant_id: _("You work for the applicant of this case.")}
    for provider_id in _provider_ids(application):
        around.setdefault(provider_id, _("You work for a provider of the requested data."))
    for desk in desks_of(person):
        if desk.organization_id in around:
            return around[desk.organization_id]
    return _near_the_applicant(person, application)


def _near_the_applicant(person: Any, application: Application) -> str | Promise | None:
    if application.applicant_id in near_organizations(person):
        return _("You work for an affiliate of the applicant of this case.")
    return None


def _provider_ids(application: Application) -> list[Any]:
    # The work list brings the items of all its cases along; a single case asks for its own.
    if "items" in getattr(application, "_prefetched_objects_cache", ()):
        return [item.dataset.provider_id for item in application.items.all()]
    return list(application.items.values_list("dataset__provider_id", flat=True))


def _application_of(subject: models.Model) -> Application:
    assert isinstance(subject, Application)
    return subject


def works_for_a_party(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar people who have a desk at the applicant or at a provider."""
    return affiliation(actor, _application_of(subject))


def works_for_the_applicant(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar people who have a desk at the applicant or at an affiliate of it."""
    application = _application_of(subject)
    if any(desk.organization_id == application.applicant_id for desk in desks_of(actor)):
        return _("You work for the applicant of this case.")
    return _near_the_applicant(actor, application)


def is_the_handler(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar the person who accepted the case from deciding it."""
    if _application_of(subject).handler_id == actor.pk:
        return _("You are the handler of this case, so you cannot decide it.")
    return None


def handles_the_case(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar the person who handles the case, or has it on the desk, from its panel."""
    case = _application_of(subject)
    if actor.pk in (case.handler_id, case.holder_id):
        return _("You handle this case, so you do not sit on its panel.")
    return None


def handed_in_the_calendar(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar whoever handed a calendar in from settling it."""
    if getattr(subject, "proposed_by_id", None) == actor.pk:
        return _("You handed this calendar in, so somebody else settles it.")
    return None


def proposed_the_rule(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar whoever proposed a version of the rules from settling it."""
    if getattr(subject, "proposed_by_id", None) == actor.pk:
        return _("You proposed this version, so somebody else approves it.")
    return None


def edited_the_form(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar whoever edited a version of the form last from publishing it."""
    if getattr(subject, "edited_by_id", None) == actor.pk:
        return _("You edited this version last, so somebody else publishes it.")
    return None


def held_the_case(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar whoever had the case on the desk, now or earlier, from deciding it."""
    application = _application_of(subject)
    if application.holder_id == actor.pk or any(
        row.person_id == actor.pk for row in application.holdings.all()
    ):
        return _("You had this case on your desk, so somebody else decides it.")
    return None


def may_not_advise(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar people of the applicant from advising on its case."""
    assert isinstance(subject, Consultation)
    return works_for_the_applicant(actor, subject.application)


def decided_before(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar whoever took an earlier decision on the case from answering the objection to it."""
    if any(row.decided_by_id == actor.pk for row in _application_of(subject).decisions.all()):
        return _("You took the decision objected to, so another decider answers.")
    return None


def drafted_the_opinion(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar the author of an opinion from confirming it."""
    assert isinstance(subject, ProviderBranch)
    if subject.drafted_by_id == actor.pk:
        return _("You drafted this opinion, so somebody else confirms it.")
    return None


def assigned_to_another(actor: Any, subject: models.Model) -> str | Promise | None:
    """Bar officers while the opinion is with a colleague."""
    assert isinstance(subject, ProviderBranch)
    if subject.assignee_id is not None and subject.assignee_id != actor.pk:
        return _("The opinion is with a colleague. Take it over first.")
    return None


policy.declare(
    "applications.see_application",
    desks=[
        AGENT,
        LEGAL_REP,
        ("applicant", "APPLICANT_SECURITY"),
        CASE,
        DECIDER,
        ("authority", "AUTHORITY_SUPERVISOR"),
        ("providers", "PROVIDER_OFFICER"),
        ("providers", "PROVIDER_LEADER"),
        ("platform", "SECURITY_OFFICER"),
        ("platform", "PLATFORM_OPS"),
        ("platform", "AUDITOR"),
        SECRETARY,
    ],
    system=True,
    note="a member of the panel who has declared no interest",
)
policy.declare("applications.edit_application", desks=[AGENT])
policy.declare("applications.submit_application", desks=[AGENT], switchable=True)
policy.declare(
    "applications.request_correction",
    desks=[CASE],
    barriers=[works_for_the_applicant],
    switchable=True,
)
policy.declare(
    "applications.accept_application",
    desks=[CASE],
    barriers=[works_for_the_applicant],
    switchable=True,
)
policy.declare("applications.manage_clock", desks=[CASE])
policy.declare("applications.advance_application", system=True)
policy.declare(
    "applications.pass_security_review",
    desks=[("platform", "SECURITY_OFFICER")],
    barriers=[works_for_a_party],
    switchable=True,
)
policy.declare(
    "applications.seat_panel",
    desks=[SECRETARY],
    barriers=[works_for_a_party],
    switchable=True,
)
policy.declare(
    "applications.vote_application",
    barriers=[works_for_a_party, handles_the_case],
    note="persons seated on the panel",
    switchable=True,
)
policy.declare(
    "applications.conclude_committee",
    barriers=[works_for_a_party, handles_the_case],
    note="the person seated as chair",
    switchable=True,
)
policy.declare(
    "applications.sign_minutes",
    desks=[SECRETARY],
    barriers=[works_for_a_party, handles_the_case],
    note="the person seated as chair",
)
policy.declare(
    "applications.decide_application",
    desks=[DECIDER],
    barriers=[is_the_handler, held_the_case, works_for_the_applicant],
    switchable=True,
)
policy.declare("applications.withdraw_application", desks=[AGENT, LEGAL_REP])
policy.declare("applications.object_application", desks=[AGENT, LEGAL_REP])
policy.declare(
    "applications.answer_objection",
    desks=[DECIDER],
    barriers=[is_the_handler, held_the_case, decided_before, works_for_the_applicant],
)

policy.declare(
    "applications.see_providerbranch",
    desks=[
        ("provider", "PROVIDER_OFFICER"),
        ("provider", "PROVIDER_LEADER"),
        CASE,
        DECIDER,
        ("platform", "AUDITOR"),
    ],
    system=True,
)
policy.declare(
    "applications.draft_opinion",
    desks=[("provider", "PROVIDER_OFFICER")],
    barriers=[assigned_to_another],
    switchable=True,
)
policy.declare(
    "applications.confirm_opinion",
    desks=[("provider", "PROVIDER_LEADER")],
    barriers=[drafted_the_opinion],
)
policy.declare("applications.close_branch", system=True)

CHAIR = ("committee", "COMMITTEE_CHAIR")
policy.declare(
    "applications.see_roster", desks=[SECRETARY, CHAIR, CASE, DECIDER, ("platform", "AUDITOR")]
)
policy.declare("applications.edit_roster", desks=[SECRETARY])
policy.declare("applications.see_panelrule", desks=[SECRETARY, CHAIR, DECIDER])
policy.declare(
    "applications.approve_panelrule", desks=[CHAIR, DECIDER], barriers=[proposed_the_rule]
)
# What clocks count by: their rules and the official calendar.
CLOCK_KEEPERS = [CASE, DECIDER, ("authority", "AUTHORITY_SUPERVISOR")]
CLOCK_READERS = [*CLOCK_KEEPERS, ("platform", "PLATFORM_OPS"), ("platform", "AUDITOR")]
policy.declare("applications.see_ruleproposal", desks=CLOCK_READERS)
policy.declare(
    "applications.settle_ruleproposal", desks=[DECIDER], barriers=[proposed_the_rule]
)
policy.declare("applications.see_calendarimport", desks=CLOCK_READERS)
policy.declare(
    "applications.settle_calendarimport",
    desks=[DECIDER, ("authority", "AUTHORITY_SUPERVISOR")],
    barriers=[handed_in_the_calendar],
)
policy.declare("applications.finish_calendarimport", system=True)
policy.declare(
    "applications.see_meeting", desks=[SECRETARY, CHAIR], note="who is invited to the meeting"
)
policy.declare("applications.arrange_meeting", desks=[SECRETARY])

# The desk: who has the case, what the office notes, asks and hears.
REVIEWERS = [
    CASE,
    DECIDER,
    ("providers", "PROVIDER_OFFICER"),
    ("providers", "PROVIDER_LEADER"),
    ("platform", "SECURITY_OFFICER"),
    SECRETARY,
]
policy.declare("applications.hold_application", desks=[CASE], barriers=[works_for_the_applicant])
policy.declare("applications.assign_reference", desks=[CASE])
policy.declare(
    "applications.read_notes",
    desks=[*REVIEWERS, ("authority", "AUTHORITY_SUPERVISOR"), ("platform", "AUDITOR")],
    barriers=[works_for_the_applicant],
)
policy.declare(
    "applications.write_notes",
    desks=REVIEWERS,
    barriers=[works_for_the_applicant],
    note="persons asked for an opinion",
)
policy.declare(
    "applications.write_to_applicant",
    desks=[CASE, ("platform", "SECURITY_OFFICER"), SECRETARY],
    barriers=[works_for_the_applicant],
)
policy.declare(
    "applications.consult_application", desks=[CASE], barriers=[works_for_the_applicant]
)
policy.declare("applications.answer_clarification", desks=[AGENT, LEGAL_REP])
policy.declare("applications.recall_clarification", desks=[CASE], system=True)
policy.declare(
    "applications.give_opinion", barriers=[may_not_advise], note="the person asked"
)
policy.declare("applications.recall_consultation", desks=[CASE], system=True)

# Time: the handler asks for more of it, a decider of the case grants it.
policy.declare(
    "applications.approve_extension",
    desks=[DECIDER],
    barriers=[is_the_handler, held_the_case, works_for_the_applicant],
)
policy.declare("applications.escalate_clock", system=True)

# The form: versions are drafted by one person and published by another.
policy.declare("applications.see_formdefinition", desks=[CASE, DECIDER])
policy.declare("applications.edit_formdefinition", desks=[CASE])
policy.declare(
    "applications.publish_formdefinition", desks=[CASE, DECIDER], barriers=[edited_the_form]
)

# The rules of the checks: one person of the authority proposes a version, another approves it.
policy.declare("applications.see_eligibilityrule", desks=[CASE, DECIDER])
policy.declare(
    "applications.approve_eligibilityrule", desks=[CASE, DECIDER], barriers=[proposed_the_rule]
)
