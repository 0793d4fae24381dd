"""Agreements: lists, the page, and what other apps need to know of the terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from contracts.calendar import add_months
from contracts.models import Agreement
from contracts.queries.rows import AgreementList, AgreementRow, EvaluationPlan
from contracts.queries.signing_turns import waiting_for_provider, waiting_for_user
from contracts.queries.turns import NOBODY, Turn, turns_of
from contracts.terms import Terms, parse
from core.errors import NotAllowedNow, NotFound
from workflow import policy

SEE = "contracts.see_agreement"
TO_SIGN = (Agreement.State.READY_TO_SIGN, Agreement.State.SIGNED_BY_USER)


def agreement_terms(agreement_id: UUID) -> Terms:
    """
    Return the terms that hold; for other apps, which decide who may know them.

    :raises NotFound: there is no such agreement.
    """
    stated = Agreement.objects.filter(id=agreement_id).values_list("terms", flat=True).first()
    if stated is None:
        raise NotFound
    return parse(stated)


def evaluation_plan(agreement_id: UUID) -> EvaluationPlan:
    """
    Return when an agreement in force is evaluated first, and how often then.

    :raises NotFound: there is no such agreement.
    :raises NotAllowedNow: it is not in force yet.
    """
    row = Agreement.objects.filter(id=agreement_id).first()
    if row is None:
        raise NotFound
    if row.valid_from is None:
        raise NotAllowedNow
    evaluation = parse(row.terms).evaluation
    assert evaluation is not None, "terms in force state the evaluation"
    return EvaluationPlan(
        agreement_id=row.pk,
        first_on=add_months(row.valid_from, months=evaluation.first_after_months or 0),
        cycle_months=evaluation.cycle_months or 0,
        pass_score=evaluation.pass_score or 0,
        fail_score=evaluation.fail_score or 0,
    )


def my_agreements(
    *, actor: Any, at: datetime | None = None, text: str = "", state: str = "", page: int = 1
) -> AgreementList:
    """
    Return the agreements an actor may see, the newest first, PAGE_ROWS_MAX a page.

    ``text`` is looked for in number, data user and scenario. The days left to sign are there when
    ``at`` says for what day.
    """
    rows = policy.visible(actor, SEE, Agreement)
    if state in Agreement.State.values:
        rows = rows.filter(state=state)
    if text.strip():
        words = text.strip()
        rows = rows.filter(
            Q(number__icontains=words)
            | Q(applicant__name__icontains=words)
            | Q(terms__purpose__scenario_name__icontains=words)
        )
    total, size = rows.count(), settings.PAGE_ROWS_MAX
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    ordered = rows.select_related("applicant", "application").order_by("-drafted_at", "id")
    # The frozen text and the floor are long, and no row of a list shows them.
    ordered = ordered.defer("facts", "floor", "sources")
    found = list(ordered[(number - 1) * size : number * size])
    turns = turns_of(found, actor=actor, at=at)
    listed = tuple(_row(row, turns.get(row.pk, NOBODY)) for row in found)
    return AgreementList(listed, total, number, pages)


def agreements_to_sign(*, actor: Any, at: datetime) -> tuple[AgreementRow, ...]:
    """Return what waits for this person's signature, the oldest text first; PAGE_ROWS_MAX."""
    up = {"state__in": TO_SIGN}
    user = policy.visible(actor, "contracts.sign_as_user", Agreement).filter(
        **up, user_signed_at=None
    )
    provider = policy.visible(actor, "contracts.sign_as_provider", Agreement).filter(**up)
    ids = set(waiting_for_user(user, actor).values_list("id", flat=True))
    ids |= set(waiting_for_provider(provider, actor).values_list("id", flat=True))
    rows = Agreement.objects.filter(id__in=ids).select_related("applicant", "application")
    found = list(rows.order_by("finalized_at", "id")[: settings.PAGE_ROWS_MAX])
    turns = turns_of(found, actor=actor, at=at)
    return tuple(_row(row, turns.get(row.pk, NOBODY)) for row in found)


def _row(row: Agreement, turn: Turn) -> AgreementRow:
    datasets = row.terms.get("scope", {}).get("datasets", [])
    return AgreementRow(
        id=row.pk,
        number=row.number,
        scenario=row.terms.get("purpose", {}).get("scenario_name", ""),
        applicant_name=row.applicant.name,
        datasets="、".join(item["code"] for item in datasets),
        state=row.state,
        state_name=str(row.get_state_display()),
        drafted_at=row.drafted_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        turn=turn,
        waits_for_me=turn.mine,
    )

