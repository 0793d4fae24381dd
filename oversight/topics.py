"""What messages of oversight are about, and whom they reach."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notify.topics import Way, declare
from parties.roles import Role

PARTY = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)

ALERT = declare(
    "alert",
    title=_("Alerts on use"),
    hint=_("An alert was raised over the use of data."),
    least=Way.DIGEST,
    roles=(Role.AUTHORITY_SUPERVISOR,),
)
VIOLATION = declare(
    "violation",
    title=_("Violation cases"),
    hint=_("Your statement is asked for, a decision was made or published, a case waits for you."),
    least=Way.NOW,
    roles=(*PARTY, Role.AUTHORITY_DECIDER),
)
EVALUATION = declare(
    "evaluation",
    title=_("Evaluation"),
    hint=_("A self-report is due; the result of an evaluation."),
    least=Way.DIGEST,
    roles=PARTY,
)
EXIT = declare(
    "exit",
    title=_("Exit and destruction"),
    hint=_("What is to be done at the end of a license; a certificate to verify."),
    least=Way.DIGEST,
    roles=(*PARTY, Role.APPLICANT_SECURITY, Role.PLATFORM_OPS, Role.SECURITY_OFFICER),
)
