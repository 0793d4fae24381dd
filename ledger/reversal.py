"""
What still stands of a journal, and how much of it a reversal may take back.

Journals and their reversals form a tree: a reversal may itself be taken back. A new reversal must
leave every journal above it between nothing and its own amount, account by account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection, func, literal, null, select

from ledger.errors import OverReversal
from ledger.journal import Leg
from ledger.tables import account, journal, leg


@dataclass(frozen=True, slots=True)
class Node:
    """One journal of the tree: what it moved per account, debit positive, in fen."""

    id: UUID
    parent: UUID | None
    net_fen: Mapping[str, int]


Tree: TypeAlias = Mapping[UUID, Node]


def legs_to_reverse(
    *, tree: Tree, journal_id: UUID, legs: Sequence[Leg] | None
) -> tuple[Leg, ...]:
    """
    Return the legs of a reversal: all that still stands, or the given ones once they fit.

    :raises OverReversal: the fact ``standing_fen`` is what may still be taken back there.
    """
    room = _room(tree, journal_id)
    if legs is None:
        rest = tuple(Leg(code, -fen) for code, fen in sorted(room.items()) if fen)
        if not rest:
            raise OverReversal(account=min(room, default=""), standing_fen=0)
        return rest
    asked: dict[str, int] = {}
    for one in legs:
        # A leg of the wrong type is named by the shape check of posting, not here.
        if type(one.amount_fen) is int:
            asked[one.account] = asked.get(one.account, 0) - one.amount_fen
    for code, fen in sorted(asked.items()):
        standing = room.get(code, 0)
        if not min(0, standing) <= fen <= max(0, standing):
            raise OverReversal(account=code, standing_fen=abs(standing))
    return tuple(legs)


def read_tree(conn: Connection, *, journal_id: UUID) -> dict[UUID, Node]:
    """Return the original above a journal and all reversals below it, by id."""
    up = select(journal.c.id, journal.c.corrects_id, journal.c.is_reversal).where(
        journal.c.id == journal_id
    ).cte("up", recursive=True)
    above = journal.alias("above")
    up = up.union_all(
        select(above.c.id, above.c.corrects_id, above.c.is_reversal)
        .join(up, above.c.id == up.c.corrects_id)
        .where(up.c.is_reversal)
    )
    root = conn.execute(select(up.c.id).where(~up.c.is_reversal)).scalar_one()
    tree = select(literal(root).label("id"), null().cast(journal.c.id.type).label("parent")).cte(
        "tree", recursive=True
    )
    below = journal.alias("below")
    tree = tree.union_all(
        select(below.c.id, below.c.corrects_id)
        .join(tree, below.c.corrects_id == tree.c.id)
        .where(below.c.is_reversal)
    )
    rows = conn.execute(
        select(tree.c.id, tree.c.parent, account.c.code, func.sum(leg.c.amount_fen).label("fen"))
        .join(leg, leg.c.journal_id == tree.c.id)
        .join(account, account.c.id == leg.c.account_id)
        .group_by(tree.c.id, tree.c.parent, account.c.code)
    ).all()
    nodes: dict[UUID, tuple[UUID | None, dict[str, int]]] = {}
    for row in rows:
        nodes.setdefault(row.id, (row.parent, {}))[1][row.code] = int(row.fen)
    return {id_: Node(id_, parent, nets) for id_, (parent, nets) in nodes.items()}


def _room(tree: Tree, journal_id: UUID) -> dict[str, int]:
    """Return, with the sign of the original, what may still be taken back per account."""
    target = tree[journal_id]
    standing = {id_: _standing(tree, id_) for id_ in tree}
    room: dict[str, int] = {}
    for code, net in target.net_fen.items():
        sign = 1 if net > 0 else -1
        least = abs(standing[journal_id].get(code, 0))
        above = target
        while above.parent is not None:
            above = tree[above.parent]
            whole, now = above.net_fen.get(code, 0), standing[above.id].get(code, 0)
            # Moving by -sign shrinks an amount of that sign and grows one of the other.
            spare = abs(now) if whole * sign > 0 else abs(whole) - abs(now)
            least = min(least, spare)
        room[code] = sign * least
    return room


def _standing(tree: Tree, id_: UUID) -> dict[str, int]:
    total = dict(tree[id_].net_fen)
    for child in tree.values():
        if child.parent == id_:
            for code, fen in _standing(tree, child.id).items():
                total[code] = total.get(code, 0) + fen
    return total
