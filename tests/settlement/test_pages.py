"""The pages of settlement, walked by the people who use them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from parties.models import User
from settlement.models import Dispute, PriceVersion, Statement
from tests.builders.applications import day
from tests.builders.settlement import (
    CONFIRMED,
    DRAFTED,
    ISSUED,
    PAID,
    POSTED,
    RELEASED,
    Counter,
    use,
)

pytestmark = pytest.mark.django_db


class Person:
    """A person at a browser, on a clock of their own."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, route: str, *args: Any, at: datetime = DRAFTED, **query: str) -> Any:
        with clock.fixed(at):
            return self.client.get(reverse(f"portal:{route}", args=args), query)

    def post(self, route: str, *args: Any, at: datetime = DRAFTED, **data: str) -> Any:
        with clock.fixed(at):
            url = reverse(f"portal:{route}", args=args)
            return self.client.post(url, data, follow=True)


def test_a_statement_is_walked_by_hand_from_the_draft_to_the_payment(counter: Counter) -> None:
    use(counter.licenses["D07"], 25)
    settler, finance = Person(counter.settler), Person(counter.finance)
    buyer = Person(counter.city.agent)

    assert settler.get("statement_draft").status_code == 200
    agreement = str(counter.agreement.pk)
    drawn = settler.post("statement_draft", month="2026-11-01", agreement=agreement)
    statement = Statement.objects.get()
    assert drawn.redirect_chain[-1][0] == reverse("portal:statement", args=[statement.pk])
    shown = drawn.content.decode()
    assert "¥25.00" in shown
    assert "服务端错误0次" in shown

    assert buyer.get("statement", statement.pk).status_code == 404
    settler.post("statement_issue", statement.pk, at=ISSUED)
    seen = buyer.get("statement", statement.pk, at=CONFIRMED).content.decode()
    assert reverse("portal:statement_confirm", args=[statement.pk]) in seen
    assert reverse("portal:statement_post", args=[statement.pk]) not in seen
    buyer.post("statement_confirm", statement.pk, at=CONFIRMED)
    settler.post("statement_post", statement.pk, at=POSTED)
    finance.post("statement_release", statement.pk, at=RELEASED)
    form = finance.get("statement_payment", statement.pk, at=PAID).content.decode()
    assert f"{statement.payable_fen / 100:.2f}" in form
    finance.post(
        "statement_payment",
        statement.pk,
        at=PAID,
        bank_reference="B-1",
        amount=f"{statement.payable_fen / 100:.2f}",
        received_on="2026-12-10",
    )
    assert Statement.objects.get().state == Statement.State.PAID
    for kind, start in (("PDF", b"%PDF"), ("XLSX", b"PK"), ("JSON", b"{")):
        file = buyer.get("statement_document", statement.pk, kind)
        assert file.content.startswith(start)
    listed = finance.get("statements", month="2026-11")
    assert statement.number in listed.content.decode()
    assert "¥" in finance.get("statement", statement.pk, at=PAID).content.decode()


def test_a_stranger_is_told_that_there_is_nothing(counter: Counter) -> None:
    statement = counter.issued()
    stranger = Person(counter.city.stranger)

    assert stranger.get("statement", statement.pk).status_code == 404
    assert stranger.get("statement_document", statement.pk, "PDF").status_code == 404
    assert statement.number not in stranger.get("statements").content.decode()
    stranger.post("statement_confirm", statement.pk)
    assert Statement.objects.get().state == Statement.State.ISSUED
    assert stranger.get("statement_draft").status_code == 403
    assert stranger.get("price_desk").status_code == 403


def test_a_line_is_disputed_and_answered_by_hand(counter: Counter) -> None:
    use(counter.licenses["D01"], 1_000)
    statement = counter.issued()
    buyer, settler = Person(counter.city.agent), Person(counter.settler)
    line = statement.lines.get(position=1)

    assert buyer.get("statement_dispute", statement.pk, line.pk, at=CONFIRMED).status_code == 200
    empty = buyer.post("statement_dispute", statement.pk, line.pk, at=CONFIRMED, reason=" ")
    assert empty.status_code == 422
    done = buyer.post(
        "statement_dispute", statement.pk, line.pk, at=CONFIRMED, reason="当日系统测试调用。"
    )
    rest = Statement.objects.get(replaces=statement)
    assert done.redirect_chain[-1][0] == reverse("portal:statement", args=[rest.pk])
    assert statement.number in done.content.decode()

    dispute = Dispute.objects.get()
    page = settler.get("statement", statement.pk, at=POSTED).content.decode()
    assert reverse("portal:dispute_answer", args=[statement.pk, dispute.pk]) in page
    settler.post(
        "dispute_answer",
        statement.pk,
        dispute.pk,
        at=POSTED,
        outcome="STANDS",
        answer="计量记录显示为正式环境调用。",
    )
    dispute.refresh_from_db()
    assert dispute.outcome == "STANDS"


def test_everybody_reads_the_price_list_and_a_second_person_publishes(counter: Counter) -> None:
    with clock.fixed(DRAFTED):
        public = Client().get(reverse("portal:prices")).content.decode()
    assert "0.05" in public
    settler, finance = Person(counter.settler), Person(counter.finance)
    dataset = counter.city.datasets[0]

    wrong = settler.post("price_new", dataset=str(dataset.pk), model="PER_CALL", base_price="0",
                         tiers="abc", effective_on="2027-01-01", legal_basis="示例")  # fmt: skip
    assert wrong.status_code == 422
    right = {"model": "TIERED_CALL", "base_price": "0", "tiers": "100000:0.06\n:0.05"}
    settler.post(
        "price_new", dataset=str(dataset.pk), effective_on="2027-01-01", legal_basis="示例", **right
    )
    draft = PriceVersion.objects.get(published_at=None)
    settler.post("price_publish", draft.pk)
    draft.refresh_from_db()
    assert draft.published_at is None
    finance.post("price_publish", draft.pk)
    draft.refresh_from_db()
    assert draft.published_by == counter.finance
    assert "0.06" in finance.get("price_desk", at=day("2027-01-02")).content.decode()


def test_the_pages_speak_chinese_without_a_gap(counter: Counter) -> None:
    statement = counter.issued()
    page = Person(counter.settler).get("statement", statement.pk).content.decode()
    for word in ("应付金额", "收入分配", "其他费用", "数据使用费"):
        assert word in page
