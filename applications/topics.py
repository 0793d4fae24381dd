"""What messages about applications are about, and whom they reach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notify.topics import Way, declare
from parties.roles import Role

PARTY = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)

PROGRESS = declare(
    "progress",
    title=_("Progress of an application"),
    hint=_("Submitted, accepted, passed on to the next office."),
    roles=PARTY,
    by_role={Role.APPLICANT_LEGAL_REP: Way.DIGEST},
)
CORRECTION = declare(
    "correction",
    title=_("Correction and lapse"),
    hint=_("An application was returned, or ended because a time limit ran out."),
    least=Way.NOW,
    roles=PARTY,
)
DECISION = declare(
    "decision",
    title=_("Decision and objection"),
    hint=_("A decision, a refusal of acceptance, the answer to an objection."),
    least=Way.NOW,
    roles=PARTY,
)
CLARIFICATION = declare(
    "clarification",
    title=_("Questions and answers"),
    hint=_("An office asks, or writes to the applicant; the applicant has answered."),
    least=Way.DIGEST,
    roles=(*PARTY, Role.AUTHORITY_CASE),
)
DEADLINE = declare(
    "deadline",
    title=_("Time limits"),
    hint=_("An extension is asked for or granted; a clock is overdue."),
    least=Way.DIGEST,
    roles=(*PARTY, Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER, Role.AUTHORITY_SUPERVISOR),
)
CASEWORK = declare(
    "casework",
    title=_("Work given to you"),
    hint=_("A case, an opinion or a renewal was given to you; you stand in for a colleague."),
    roles=(
        Role.AUTHORITY_CASE,
        Role.AUTHORITY_DECIDER,
        Role.AUTHORITY_SUPERVISOR,
        Role.PROVIDER_OFFICER,
        Role.PROVIDER_LEADER,
        Role.SECURITY_OFFICER,
    ),
)
COMMITTEE = declare(
    "committee",
    title=_("Meetings of the committee"),
    hint=_("A meeting was called, moved or canceled."),
    least=Way.DIGEST,
    roles=(
        Role.COMMITTEE_CHAIR,
        Role.COMMITTEE_MEMBER,
        Role.COMMITTEE_SECRETARY,
        Role.EXPERT,
    ),
)
EXPORTS = declare(
    "exports",
    title=_("Exported files"),
    hint=_("A file you asked for is ready, or could not be made."),
)
