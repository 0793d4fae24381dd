"""Agreements brought to any step through the real actions; the days are those of story S1."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts import actions
from contracts.models import Agreement
from parties.queries import system_actor
from tests.builders.applications import DECIDED, City, approved_application, day
from tests.builders.signing import equip, proof_of

OPENED, FINALIZED, SIGNED = day("2026-10-15"), day("2026-10-16"), day("2026-10-20")


def drafted_agreement(
    city: City | None = None, *, at: datetime = DECIDED, **changes: Any
) -> tuple[City, Agreement]:
    """Return a city and the agreement drafted from an approved application."""
    system = system_actor()
    city, case = approved_application(city, **changes)
    actions.install_base_template(actor=system, at=at)
    actions.install_term_profiles(actor=system, at=at)
    agreement = actions.draft_agreement(application_id=case.pk, actor=system, at=at)
    return city, agreement


def negotiating_agreement(
    city: City | None = None, *, at: datetime = OPENED, **changes: Any
) -> tuple[City, Agreement]:
    """Return an agreement that is open to changes."""
    city, agreement = drafted_agreement(city, **changes)
    actions.open_negotiation(agreement_id=agreement.pk, actor=city.officer, at=at)
    return city, Agreement.objects.get(pk=agreement.pk)


def ready_agreement(
    city: City | None = None, *, at: datetime = FINALIZED, **changes: Any
) -> tuple[City, Agreement]:
    """Return an agreement that is up for signature."""
    city, agreement = negotiating_agreement(city, **changes)
    actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=at)
    equip(city.legal_rep, city.leader, city.second_leader)
    return city, Agreement.objects.get(pk=agreement.pk)


def sign(agreement: Agreement, who: Any, *, at: datetime = SIGNED) -> Agreement:
    """Sign the present text for whoever it is."""
    present = Agreement.objects.get(pk=agreement.pk)
    return actions.sign_agreement(
        agreement_id=present.pk,
        text_hash=present.text_hash,
        proof=proof_of(who, at=at),
        actor=who,
        at=at,
    )


def effective_agreement(
    city: City | None = None, *, at: datetime = SIGNED, **changes: Any
) -> tuple[City, Agreement]:
    """Return an agreement in force, signed by everybody on ``at``."""
    city, agreement = ready_agreement(city, **changes)
    for who in (city.legal_rep, city.leader, city.second_leader):
        sign(agreement, who, at=at)
    return city, Agreement.objects.get(pk=agreement.pk)
