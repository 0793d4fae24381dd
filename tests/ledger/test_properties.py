"""Random histories, told to the ledger and to a plain-Python one, must end in the same books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import balances, errors, integrity, payload, posting, sealing
from ledger.accounts import open_account
from ledger.journal import Entry, Leg
from tests.ledger.reference import ReferenceLedger
from tests.ledger.support import DAY

pytestmark = pytest.mark.django_db
CODES = ("1001", "1002", "2001", "2002")
CODE = st.sampled_from(CODES)
# Few keys and round amounts, so that replays, exact limits and chains of reversals are common.
KEY = st.integers(0, 20).map(lambda n: f"key-{n}")
FEN = st.sampled_from([10, 20, 30])
POST = st.tuples(st.just("post"), KEY, CODE, CODE, FEN, st.sampled_from([0, 0, 0, 1]))
BACK = st.tuples(st.just("back"), KEY, KEY, CODE, CODE, FEN)
STEPS = st.lists(st.one_of(POST, BACK), min_size=1, max_size=30)
SLOWLY = settings(
    max_examples=20, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ANSWERS = {
    errors.KeyReused: "reused", errors.Unbalanced: "unbalanced", errors.LimitBreached: "limit",
    errors.OverReversal: "over",
}


def legs_of(debit: str, credit: str, fen: int, skew: int) -> dict[str, int]:
    return {debit: fen + skew, credit: -fen}


def as_legs(legs: dict[str, int]) -> tuple[Leg, ...]:
    return tuple(Leg(account, fen) for account, fen in legs.items())


def entry_of(key: str, legs: dict[str, int]) -> Entry:
    return Entry(key=key, template="test-any", description="随机", legs=as_legs(legs),
                 effective_on=DAY)


def answer_of(outcome: posting.PostedJournal | errors.LedgerError) -> str:
    if isinstance(outcome, errors.LedgerError):
        return ANSWERS[type(outcome)]
    return "replayed" if outcome.replayed else "posted"


def tell(step: tuple, reference: ReferenceLedger, ids: dict[str, UUID]) -> tuple[str, str] | None:
    """Tell one step to both ledgers; return both answers."""
    kind, key, *rest = step
    try:
        if kind == "post":
            debit, credit, fen, skew = rest
            if debit == credit:
                return None
            legs = legs_of(debit, credit, fen, skew)
            expected = reference.post(key, legs)
            made = posting.post(**{
                name: getattr(entry_of(key, legs), name)
                for name in ("key", "template", "description", "legs", "effective_on")
            })
        else:
            target, debit, credit, fen = rest
            if debit == credit or target not in ids or key in ids:
                return None
            legs = legs_of(debit, credit, fen, 0)
            expected = reference.reverse(key, target, legs)
            made = posting.reverse(key=key, journal_id=ids[target], effective_on=DAY,
                                   reason="冲正", legs=as_legs(legs))
    except errors.LedgerError as error:
        return expected, ANSWERS[type(error)]
    ids[key] = made.id
    return expected, answer_of(made)


def fresh_ledgers() -> ReferenceLedger:
    minimum = {"1001": None, "1002": 0, "2001": None, "2002": -30}
    for code in CODES:
        kind = "asset" if code.startswith("1") else "liability"
        open_account(code=code, name="科目", kind=kind, min_available_fen=minimum[code])
    return ReferenceLedger(minimum, {"2001", "2002"})


@contextmanager
def scratch() -> Iterator[None]:
    """Give one example books of its own, checked as at a commit and then rolled back."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


def agree(reference: ReferenceLedger) -> None:
    for code in CODES:
        assert balances.balance(account=code).net_fen == reference.net(code)
        assert balances.balance(account=code, as_of=DAY).net_fen == reference.net(code)
        assert balances.balance(account=code, as_of=DAY - timedelta(days=1)).net_fen == 0
    assert balances.trial_balance().difference_fen == 0
    sealing.seal()
    assert integrity.verify().problem is None


@SLOWLY
@given(steps=STEPS)
def test_any_history_ends_as_the_reference_says(steps):
    with scratch():
        reference, ids = fresh_ledgers(), {}
        answers = [tell(step, reference, ids) for step in steps]
        assert all(answer is None or answer[0] == answer[1] for answer in answers), answers
        agree(reference)


@SLOWLY
@given(steps=st.lists(POST, min_size=1, max_size=40), sizes=st.lists(st.integers(1, 15)))
def test_any_cut_into_batches_gives_the_same_answers(steps, sizes):
    with scratch():
        reference = fresh_ledgers()
        told = [(key, legs_of(*rest)) for _, key, *rest in steps if rest[0] != rest[1]]
        expected = [reference.post(key, legs) for key, legs in told]
        entries, answers = [entry_of(key, legs) for key, legs in told], []
        for size in [*sizes, len(entries)]:
            chunk, entries = entries[:size], entries[size:]
            answers += [answer_of(one.journal or one.error)
                        for one in posting.post_many(entries=chunk)]
        assert answers == expected
        agree(reference)


@SLOWLY
@given(steps=st.lists(st.tuples(st.integers(0, 30), FEN), min_size=3, max_size=12))
def test_any_chain_of_reversals_keeps_every_journal_within_its_amount(steps):
    with scratch():
        reference, ids = fresh_ledgers(), {}
        tell(("post", "key-0", "1001", "2001", 30, 0), reference, ids)
        for number, (pick, fen) in enumerate(steps, start=1):
            target = list(ids)[pick % len(ids)]
            back = reference.posted[target]["1001"] > 0
            accounts = ("2001", "1001") if back else ("1001", "2001")
            expected, answer = tell(("back", f"key-{number}", target, *accounts, fen),
                                    reference, ids)
            assert answer == expected
        agree(reference)


@given(
    legs=st.lists(st.tuples(CODE, st.integers(-(10**16), 10**16)), min_size=2, max_size=8),
    data=st.data(),
)
def test_payload_hash_ignores_the_order_of_legs_and_nothing_else(legs, data):
    entry = Entry(key="k", template="t", description="d", effective_on=DAY,
                  legs=tuple(Leg(*leg) for leg in legs))
    shuffled = replace(entry, legs=tuple(data.draw(st.permutations(entry.legs))))
    first = entry.legs[0]
    other = replace(entry, legs=(Leg(first.account, first.amount_fen + 1), *entry.legs[1:]))

    assert payload.payload_hash(entry=entry) == payload.payload_hash(entry=shuffled)
    assert payload.payload_hash(entry=entry) != payload.payload_hash(entry=other)
