"""Which agreements wait for the signature of one person, asked of the database at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from contracts.models import Agreement, AgreementParty, Signature, SigningOrder
from parties.queries import desks_of

_S, _SIDE = Agreement.State, AgreementParty.Side


def waiting_for_user(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    """Keep what the data user may sign: no objection to the decision waits for its answer."""
    return rows.exclude(application__state="OBJECTION")


def waiting_for_provider(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    """Keep agreements that a provider the actor speaks for has not signed and may sign now."""
    own = [desk.organization_id for desk in desks_of(actor)]
    stands = Signature.objects.filter(
        agreement=OuterRef("agreement"), party=OuterRef("organization"), voided_at=None
    )
    open_seats = AgreementParty.objects.filter(
        ~Exists(stands), agreement=OuterRef("pk"), side=_SIDE.PROVIDER
    )
    earlier = AgreementParty.objects.filter(
        ~Exists(stands),
        agreement=OuterRef("agreement"),
        side=_SIDE.PROVIDER,
        position__lt=OuterRef("position"),
    )
    any_turn = open_seats.filter(organization_id__in=own)
    my_turn = any_turn.filter(~Exists(earlier))
    return rows.filter(
        Q(state=_S.SIGNED_BY_USER) | Q(signing_order=SigningOrder.PARALLEL)
    ).filter(
        (~Q(signing_order=SigningOrder.ONE_BY_ONE) & Q(Exists(any_turn))) | Q(Exists(my_turn))
    )
