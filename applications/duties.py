"""What waits for people: which steps of a case are duties, and how a case names itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from applications.models import (
    Application,
    Clarification,
    Consultation,
    Minutes,
    ProviderBranch,
    SecurityAssessment,
)
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


def _presided(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    seats = ReviewSeat.objects.filter(
        round__subject_type=Application._meta.label_lower,
        round__subject_id=Cast(OuterRef("pk"), models.CharField()),
        round__concluded_at=None,
        member=actor,
        role=ReviewSeat.Role.CHAIR,
        recused_at=None,
        left_at=None,
    )
    return rows.filter(Exists(seats))


def _unheard(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    minutes = Minutes.objects.filter(application=OuterRef("pk"), purpose="OBJECTION")
    return rows.filter(~Exists(_open_round()), ~Exists(minutes))


def _unseated(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    minutes = Minutes.objects.filter(application=OuterRef("pk"), purpose="REVIEW")
    return rows.filter(~Exists(_open_round()), ~Exists(minutes))


def _unsigned(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    """Keep what waits for this actor: the secretary signs first, then who presided."""
    minutes = Minutes.objects.filter(application=OuterRef("pk"), concluded_at=None)
    presided = minutes.filter(round__seats__member=actor, round__seats__role="CHAIR")
    ready = presided.filter(signatures__capacity="SECRETARY")
    first = minutes.filter(signatures=None).exclude(
        round__seats__in=ReviewSeat.objects.filter(member=actor, role="CHAIR")
    )
    return rows.filter(Exists(ready) | Exists(first))


def _not_voted(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    seats = ReviewSeat.objects.filter(
        round__subject_type=Application._meta.label_lower,
        round__subject_id=Cast(OuterRef("pk"), models.CharField()),
        round__concluded_at=None,
        member=actor,
        recused_at=None,
        left_at=None,
        ballot=None,
    )
    # Who sits by the roster has no seat of their own before they declare.
    standing = _open_round().filter(standing__user=actor).exclude(
        seats__in=ReviewSeat.objects.filter(member=actor)
    )
    return rows.filter(Exists(seats) | Exists(standing))


def _open_branches(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(state=ProviderBranch.State.OPEN)


def _renewal_asked(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    latest = SecurityAssessment.objects.filter(application=OuterRef("pk")).order_by("-version")
    return rows.annotate(
        renewal_asked=Subquery(latest.values("renewal_asked_at")[:1])
    ).filter(renewal_asked__isnull=False)


def _describe_talk(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Clarification | Consultation)
    return _describe(subject.application)


def _case_runs(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(application__closed_at=None)


def _asked_of_me(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.filter(person=actor, application__closed_at=None)


def register() -> None:
    """Register the duties; once, when the app is ready."""
    _register_cases()
    _register_branches()
    _register_talks()


def _register_cases() -> None:
    items = ("items__dataset",)
    # What the barriers of whoever sits or decides look at: who had a part in the case before.
    sitting = (*items, "holdings", "branches", "decisions")
    deciding = ("holdings", "branches", "decisions")
    for name, title, transitions, route, narrow, prefetch in (
        ("correct", _("Correct the application"), ("resubmit",), "application_correct", None, ()),
        ("accept", _("Accept or return the application"), ("accept",), "application", None, ()),
        ("secure", _("Review security"), ("pass_security_review",), "application_security", None,
         sitting),
        ("renew_assessment", _("Renew the security assessment"), ("renew_assessment",),
         "application_security_renew", _renewal_asked, sitting),
        ("seat", _("Seat the panel"), ("seat_panel",), "application_panel", _unseated, items),
        ("seat_again", _("Seat a new panel for the objection"), ("seat_objection_panel",),
         "application_panel", _unheard, items),
        ("vote", _("Review and vote"), ("vote", "vote_on_objection"), "application_vote",
         _not_voted, sitting),
        ("conclude", _("Close the vote"), ("close_panel", "close_objection_panel"),
         "application_panel", _presided, sitting),
        ("sign", _("Sign the minutes"), ("sign_minutes", "sign_objection_minutes"),
         "application_minutes", _unsigned, sitting),
        ("decide", _("Decide on the application"), ("approve",), "application_decide", None,
         deciding),
        ("answer", _("Answer the objection"), ("uphold",), "application_answer", None,
         deciding),
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
            looks_back=prefetch in (sitting, deciding),
        )


def _register_branches() -> None:
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


def _register_talks() -> None:
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
