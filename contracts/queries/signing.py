"""Whose turn it is to sign an agreement."""

from __future__ import annotations

from typing import Any

from contracts.models import Agreement, AgreementParty
from contracts.signing_order import Seat, whose_turn


def turn_of(agreement: Agreement) -> tuple[Any, ...]:
    """Return the organizations that may sign a text up for signature now; none in other states."""
    if agreement.state not in (Agreement.State.READY_TO_SIGN, Agreement.State.SIGNED_BY_USER):
        return ()
    seats = [
        Seat(party.organization_id, party.side == AgreementParty.Side.LICENSEE)
        for party in agreement.parties.all()
    ]
    signed = agreement.signatures.filter(voided_at=None).values_list("party_id", flat=True)
    return whose_turn(order=agreement.signing_order, seats=seats, signed=set(signed))
