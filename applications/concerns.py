"""Whom the clocks of cases, branches, questions and opinions concern. Registered at start."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.urls import reverse

from applications.models import Application, Clarification, Consultation, ProviderBranch
from parties import queries as parties
from parties.roles import Role
from workflow import concerned
from workflow.concerned import Concern

APPLICANTS = (Role.APPLICANT_AGENT, Role.APPLICANT_LEGAL_REP)


def register() -> None:
    """Tell the engine how these classes are named; in ``AppConfig.ready``."""
    several: tuple[tuple[type[models.Model], concerned.Resolver], ...] = (
        (Application, of_applications),
        (ProviderBranch, of_branches),
        (Clarification, of_questions),
        (Consultation, of_opinions),
    )
    for model, resolver in several:
        concerned.register(model._meta.label_lower, resolver)


def of_applications(keys: Collection[str]) -> dict[str, Concern]:
    """Return cases with who has them on the desk and the people of the applicant."""
    found = list(
        Application.objects.filter(pk__in=keys).select_related("holder", "handler", "authority")
    )
    people = parties.people_of(
        organization_ids={case.applicant_id for case in found}, roles=APPLICANTS
    )
    officers = parties.people_of(
        organization_ids={case.authority_id for case in found}, roles=[Role.AUTHORITY_CASE]
    )
    return {
        str(case.pk): Concern(
            number=case.number or "",
            link=reverse("portal:application", args=[case.pk]),
            # What nobody holds is everybody's who could take it.
            holders=_known(case.holder or case.handler) or officers.get(case.authority_id, ()),
            parties=people.get(case.applicant_id, ()),
        )
        for case in found
    }


def of_branches(keys: Collection[str]) -> dict[str, Concern]:
    """Return branches with the official who has the opinion, else the officers of the provider."""
    found = list(
        ProviderBranch.objects.filter(pk__in=keys).select_related("application", "assignee")
    )
    officers = parties.people_of(
        organization_ids={branch.provider_id for branch in found}, roles=[Role.PROVIDER_OFFICER]
    )
    return {
        str(branch.pk): Concern(
            number=branch.application.number or "",
            link=reverse("portal:application_branch", args=[branch.pk]),
            holders=_known(branch.assignee) or officers.get(branch.provider_id, ()),
        )
        for branch in found
    }


def of_questions(keys: Collection[str]) -> dict[str, Concern]:
    """Return questions with who asked and who is to answer."""
    found = list(
        Clarification.objects.filter(pk__in=keys).select_related("application", "asked_by")
    )
    people = parties.people_of(
        organization_ids={one.application.applicant_id for one in found}, roles=APPLICANTS
    )
    return {
        str(one.pk): Concern(
            number=one.application.number or "",
            link=reverse("portal:application_clarify", args=[one.pk]),
            holders=_known(one.asked_by),
            parties=people.get(one.application.applicant_id, ()),
        )
        for one in found
    }


def of_opinions(keys: Collection[str]) -> dict[str, Concern]:
    """Return opinions asked for with the official who is asked."""
    found = Consultation.objects.filter(pk__in=keys).select_related("application", "person")
    return {
        str(one.pk): Concern(
            number=one.application.number or "",
            link=reverse("portal:application_advise", args=[one.pk]),
            holders=_known(one.person),
        )
        for one in found
    }


def _known(*people: Any) -> tuple[Any, ...]:
    return tuple(person for person in people if person is not None)
