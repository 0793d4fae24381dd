"""What waits for people: which steps of a case are duties, and how a case names itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Clarification, Consultation, ProviderBranch
from workflow import inbox
from workflow.models import ReviewRound, ReviewSeat


def _describe(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Application)
    return subject.number or "", f"{subject.scenario_name} · {subject.applicant.short_name}"


def _describe_branch(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ProviderBranch)
    return _describe(subject.application)


def _open_round() -> QuerySet[ReviewRound]:
    return ReviewRound.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), models.CharField()),
        concluded_at=None,
    )


def _without_panel(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(~Exists(_open_round()))


def _with_panel(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(Exists(_open_round()))


def _not_voted(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    seats = ReviewSeat.objects.filter(
        round__subject_type=Application._meta.label_lower,
        round__subject_id=Cast(OuterRef("pk"), models.CharField()),
        round__concluded_at=None,
        member=actor,
        recused_at=None,
        ballot=None,
    )
    return rows.filter(Exists(seats))


def _open_branches(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(state=ProviderBranch.State.OPEN)


def _describe_talk(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Clarification | Consultation)
    return _describe(subject.application)


def _case_runs(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(application__closed_at=None)


def _asked_of_me(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(person=actor, application__closed_at=None)


def register() -> None:
    """Register the duties; once, when the app is ready."""
    items = ("items__dataset",)
    for name, title, transitions, route, narrow, prefetch in (
        ("correct", _("Correct the application"), ("resubmit",), "application_correct", None, ()),
        ("accept", _("Accept or return the application"), ("accept",), "application", None, ()),
        ("secure", _("Review security"), ("pass_security_review",), "application_security", None,
         items),
        ("seat", _("Seat the panel"), ("seat_panel",), "application_panel", _without_panel,
         items),
        ("vote", _("Review and vote"), ("vote",), "application_vote", _not_voted, items),
        ("conclude", _("Conclude the review"), ("conclude_committee",), "application_panel",
         _with_panel, items),
        ("decide", _("Decide on the application"), ("approve",), "application_decide", None,
         ("holdings",)),
        ("answer", _("Answer the objection"), ("uphold",), "application_answer", None,
         ("decisions", "holdings")),
    ):
        inbox.register(
            f"applications.{name}",
            title=title,
            model=Application,
            transitions=transitions,
            route=f"portal:{route}",
            describe=_describe,
            related=("applicant",),
            prefetch=prefetch,
            narrow=narrow,
        )
    for name, title, transitions, narrow in (
        ("draft_opinion", _("Review the requested fields"), ("draft_opinion",), _open_branches),
        ("confirm_opinion", _("Confirm the opinion"), ("confirm",), None),
    ):
        inbox.register(
            f"applications.{name}",
            title=title,
            model=ProviderBranch,
            transitions=transitions,
            route="portal:application_branch",
            describe=_describe_branch,
            related=("application", "application__applicant"),
            narrow=narrow,
        )
    for name, title, model, step, route, narrow in (
        ("clarify", _("Answer the question of the office"), Clarification, "give_answer",
         "portal:application_clarify", _case_runs),
        ("advise", _("Waits for your opinion"), Consultation, "give_opinion",
         "portal:application_advise", _asked_of_me),
    ):
        inbox.register(
            f"applications.{name}",
            title=title,
            model=model,
            transitions=(step,),
            route=route,
            describe=_describe_talk,
            related=("application", "application__applicant"),
            narrow=narrow,
        )
