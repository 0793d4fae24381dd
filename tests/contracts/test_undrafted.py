"""A case whose statements exclude each other waits, and names who says what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from contracts import actions
from contracts.models import Agreement, TermProfile
from contracts.queries import undrafted
from contracts.terms import TermConflict
from core.errors import NotFound
from parties.queries import system_actor
from tests.builders.applications import DECIDED, approved_application, day
from workflow.models import AuditEntry

LATER = day("2026-10-14")
pytestmark = pytest.mark.django_db


def test_who_says_what_is_shown_and_the_agreement_drafted_once_it_is_settled(
    client: Client,
) -> None:
    system = system_actor()
    actions.install_base_template(actor=system, at=DECIDED)
    city, case = approved_application()
    actions.install_term_profiles(actor=system, at=DECIDED)
    # Two departments that were never asked together: each court excludes the other.
    profile = TermProfile.objects.get(dataset__code="D01")
    wrong = profile.terms | {"dispute": {"method": "ARBITRATION"}}
    TermProfile.objects.filter(pk=profile.pk).update(terms=wrong)
    with pytest.raises(TermConflict, match="D01"):
        actions.draft_agreement(application_id=case.pk, actor=system, at=DECIDED)
    assert not Agreement.objects.exists()

    [row] = undrafted(actor=city.case)
    assert row.number == case.number
    [(entry, said)] = row.conflicts
    assert len(said) == 2
    assert not row.is_free
    for stranger in (city.agent, city.officer, city.stranger):
        assert undrafted(actor=stranger) == ()
        with pytest.raises(NotFound):
            actions.draft_undrafted(application_id=case.pk, actor=stranger, at=LATER)
    with pytest.raises(TermConflict):
        actions.draft_undrafted(application_id=case.pk, actor=city.case, at=LATER)
    assert not Agreement.objects.exists()
    client.force_login(city.case)
    shown = client.get(reverse("portal:undrafted")).content.decode()
    assert entry in shown
    assert all(source in shown and value in shown for source, value in said)
    assert reverse("portal:undrafted") in client.get(reverse("portal:agreements")).content.decode()

    TermProfile.objects.filter(pk=profile.pk).update(terms=profile.terms)
    assert undrafted(actor=city.case)[0].is_free
    agreement = actions.draft_undrafted(application_id=case.pk, actor=city.case, at=LATER)

    assert agreement.state == Agreement.State.DRAFTING
    assert undrafted(actor=city.case) == ()
    asked = AuditEntry.objects.filter(subject_id=str(agreement.pk), actor_id=str(city.case.pk))
    assert asked.count() == 1
    with pytest.raises(NotFound):
        actions.draft_undrafted(application_id=case.pk, actor=city.case, at=LATER)
    assert Agreement.objects.count() == 1
