"""Statements brought to any step through the real actions; the month is that of story S1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from contracts.models import Agreement
from licensing.models import License
from parties.models import Organization, User
from parties.roles import Kind, Role
from settlement import actions
from settlement.models import PriceVersion, Statement
from tests.builders.applications import City, build_city, day
from tests.builders.licensing import issued
from tests.builders.parties import organization, person

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
PRICED, DRAFTED, ISSUED = day("2026-09-01"), day("2026-12-01"), day("2026-12-01", 11)
CONFIRMED, POSTED, RELEASED = day("2026-12-03"), day("2026-12-04"), day("2026-12-04", 14)
PAID = day("2026-12-10")
D01_TIERS = [
    {"up_to": "100000", "price": "0.05"},
    {"up_to": "500000", "price": "0.04"},
    {"up_to": None, "price": "0.03"},
]
D07_TIERS = [{"up_to": None, "price": "1.00"}]


@dataclass
class Counter:
    """A city with an exchange, an agreement in force, its licenses and the prices."""

    city: City
    agreement: Agreement
    licenses: dict[str, License]
    exchange: Organization
    treasury: Organization
    settler: User
    finance: User
    treasurer: User

    def draft(self, *, at: datetime = DRAFTED, **changes: Any) -> Statement:
        """Return a draft for November."""
        facts = {"period_from": FIRST, "period_to": LAST, "actor": self.settler}
        return actions.draft_statement(
            agreement_id=self.agreement.pk, at=at, **(facts | changes)
        )

    def issued(self) -> Statement:
        """Return an issued statement."""
        draft = self.draft()
        actions.issue_statement(statement_id=draft.pk, actor=self.settler, at=ISSUED)
        return Statement.objects.get(pk=draft.pk)

    def confirmed(self) -> Statement:
        """Return a statement that the buyer has confirmed."""
        statement = self.issued()
        actions.confirm_statement(
            statement_id=statement.pk, actor=self.city.agent, at=CONFIRMED
        )
        return Statement.objects.get(pk=statement.pk)

    def posted(self) -> Statement:
        """Return a statement that stands in the books."""
        statement = self.confirmed()
        actions.post_statement(statement_id=statement.pk, actor=self.settler, at=POSTED)
        return Statement.objects.get(pk=statement.pk)

    def released(self) -> Statement:
        """Return a statement whose payouts finance has released."""
        statement = self.posted()
        actions.release_statement(statement_id=statement.pk, actor=self.finance, at=RELEASED)
        return Statement.objects.get(pk=statement.pk)

    def pay(self, statement: Statement, fen: int | None = None, **changes: Any) -> Statement:
        """Record the payment of a statement, all of it unless told otherwise."""
        facts = {
            "bank_reference": "BANK-0001",
            "amount_fen": statement.payable_fen if fen is None else fen,
            "received_on": date(2026, 12, 10),
            "actor": self.finance,
            "at": PAID,
        }
        return actions.record_payment(statement_id=statement.pk, **(facts | changes))


def build_counter(**changes: Any) -> Counter:
    """Return an exchange with everything in place for the first statement."""
    city = build_city()
    exchange = organization(Kind.EXCHANGE, "无锡市示例数据交易有限公司")
    treasury = organization(Kind.TREASURY, "无锡市财政局")
    settler = person(exchange, Role.EXCHANGE_SETTLER, full_name="尤结算")
    finance = person(exchange, Role.EXCHANGE_FINANCE, full_name="许财务")
    treasurer = person(treasury, Role.TREASURY_VIEWER, full_name="吕财政")
    city, agreement, licenses = issued(city, **changes)
    counter = Counter(
        city, agreement, licenses, exchange, treasury, settler, finance, treasurer
    )
    price(counter, "D01", model="TIERED_CALL", tiers=D01_TIERS)
    price(counter, "D07", model="PER_CALL", tiers=D07_TIERS)
    return counter


def price(
    counter: Counter,
    code: str,
    *,
    model: str,
    tiers: list[dict[str, Any]] | None = None,
    base: str = "0",
    effective_on: date = FIRST,
) -> PriceVersion:
    """Return a published price of a dataset."""
    [dataset] = [one for one in counter.city.datasets if one.code == code]
    draft = actions.draft_price(
        dataset_id=dataset.pk,
        model=model,
        base_price=Decimal(base),
        tiers=tiers or [],
        effective_on=effective_on,
        legal_basis="示例价目",
        actor=counter.settler,
        at=PRICED,
    )
    return actions.publish_price(price_id=draft.pk, actor=counter.finance, at=PRICED)


def use(
    license_: License,
    calls: int,
    *,
    on: date = date(2026, 11, 10),
    excluded: str = "",
    stored_at: datetime | None = None,
    rows: int = 1,
) -> None:
    """
    Put calls on one day into the meter's tables, as many as are asked for, in two statements.

    The meter itself is proven elsewhere; a month of a story has hundreds of thousands of calls.
    """
    status = {"": 200, "SERVER_ERROR": 503, "RETRY": 200, "REFUSED": 403}[excluded]
    column = {"": "billable", "SERVER_ERROR": "server_errors", "RETRY": "retries"}.get(
        excluded, "refused"
    )
    occurred = day(on.isoformat(), 12)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO gateway_usageevent (source, event_id, request_id, retry_of, license_id,"
            " credential_id, dataset_code, scenario_code, fields_hash, query_hash, rows, bytes,"
            " status, reason, detail, client_address, billable, excluded_because, payload_hash,"
            " occurred_at, stored_at)"
            " SELECT 'test', gen_random_uuid()::text, '', '', %(id)s, NULL, %(code)s, '', '', '',"
            " %(rows)s, 10, %(status)s, '', '', '', %(excluded)s = '', %(excluded)s,"
            " sha256((%(id)s || n)::bytea), %(at)s, %(stored)s"
            " FROM generate_series(1, %(calls)s) AS n",
            {
                "id": str(license_.pk),
                "code": license_.dataset.code,
                "rows": rows,
                "status": status,
                "excluded": excluded,
                "at": occurred,
                "stored": stored_at or occurred,
                "calls": calls,
            },
        )
        cursor.execute(
            f"INSERT INTO gateway_usagedaily (license_id, day, billable, server_errors, retries,"
            f" refused, rows) SELECT %(id)s, %(day)s, v.billable, v.server_errors, v.retries,"
            f" v.refused, 0 FROM (SELECT {', '.join(_count_of(column))}) AS v"
            f" ON CONFLICT (license_id, day) DO UPDATE SET"
            f" {column} = gateway_usagedaily.{column} + excluded.{column}",
            {"id": str(license_.pk), "day": on, "calls": calls},
        )


def use_of_november(counter: Counter) -> None:
    """Put the usage of story S1 into the meter's tables."""
    d01, d07 = counter.licenses["D01"], counter.licenses["D07"]
    use(d01, 200_000, on=date(2026, 11, 3))
    use(d01, 112_400, on=date(2026, 11, 20))
    use(d01, 4_100, on=date(2026, 11, 20), excluded="SERVER_ERROR")
    use(d01, 1_250, on=date(2026, 11, 20), excluded="RETRY")
    use(d07, 8_200, on=date(2026, 11, 12))


def _count_of(column: str) -> list[str]:
    columns = ("billable", "server_errors", "retries", "refused")
    return [f"{'%(calls)s' if name == column else '0'} AS {name}" for name in columns]
