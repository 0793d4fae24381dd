"""
Barriers that look back: who had one part in a case is kept from the next one.

They read what is on record of the person and the case, so that leaving a desk, changing one, or
coming in by another door opens nothing.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ProviderBranch
from applications.states import ApplicationState
from workflow import history

Reason = str | Promise | None

# What counts as working on a case at the desk of the office.
DESK_ACTS = frozenset(
    {"accept", "request_correction", "edit_corrections", "ask_opinion", "ask_clarification"}
)
SECURITY_ACTS = frozenset({"pass_security_review", "renew_assessment"})
VOTES = frozenset({"vote", "close_panel", "conclude_committee"})
SEATINGS = frozenset({"seat_panel", "seat_objection_panel"})
PANEL_ACTS = VOTES | SEATINGS | {
    "declare_no_interest",
    "recuse",
    "sign_minutes",
    "vote_on_objection",
    "close_objection_panel",
    "sign_objection_minutes",
    "recommend_on_objection",
}


def _case(subject: models.Model) -> Application:
    assert isinstance(subject, Application)
    return subject


def worked_at_the_desk(actor: Any, subject: models.Model) -> Reason:
    """Bar whoever worked on the case at the desk, whoever had it then."""
    if history.acts_of(actor, subject) & DESK_ACTS:
        return _("You worked on this case at the desk, so somebody else goes on with it.")
    return None


def assessed_the_security(actor: Any, subject: models.Model) -> Reason:
    """Bar whoever concluded a security review of the case."""
    if history.acts_of(actor, subject) & SECURITY_ACTS:
        return _("You concluded the security review of this case, so somebody else goes on.")
    return None


def sat_on_a_panel(actor: Any, subject: models.Model) -> Reason:
    """Bar whoever sat on a panel of the case, stepped down from it, or kept its minutes."""
    if history.acts_of(actor, subject) & PANEL_ACTS:
        return _("You had a part in the committee's review of this case; somebody else goes on.")
    return None


def spoke_for_a_provider(actor: Any, subject: models.Model) -> Reason:
    """Bar whoever drafted or confirmed an opinion of a provider on the case."""
    for branch in _case(subject).branches.all():
        if actor.pk in (branch.drafted_by_id, branch.confirmed_by_id):
            return _("You gave the opinion of a provider on this case, so somebody else goes on.")
    return None


def voted_on_the_first_panel(actor: Any, subject: models.Model) -> Reason:
    """Bar the first panel, and whoever is recused, from the panel on the objection."""
    if _case(subject).state != ApplicationState.OBJECTION:
        return None
    acts = history.acts_of(actor, subject)
    if acts & VOTES:
        return _("This person sat on the first panel of this case.")
    return _("You are recused from this case.") if "recuse" in acts else None


def seated_the_panel(actor: Any, subject: models.Model) -> Reason:
    """Bar the secretary who seated a panel of the case from a vote on it."""
    if history.acts_of(actor, subject) & SEATINGS:
        return _("You seated the panel of this case, so you have no vote on it.")
    return None


def handles_its_case(actor: Any, subject: models.Model) -> Reason:
    """Bar the person who handles a case from the opinion of a provider on it."""
    assert isinstance(subject, ProviderBranch)
    if actor.pk in (subject.application.handler_id, subject.application.holder_id):
        return _("You handle this case, so you do not speak for a provider.")
    return None
