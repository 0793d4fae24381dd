"""
A ledger in plain Python, written from the rules and not from the code, for tests only.

Accounts are lists of signed amounts; everything else is counted from them each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ReferenceLedger:
    """What the books should hold after the steps told to it."""

    minimum: dict[str, int | None]
    credit_normal: set[str]
    posted: dict[str, dict[str, int]] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)

    def net(self, account: str) -> int:
        """Return debits minus credits of an account."""
        return sum(legs.get(account, 0) for legs in self.posted.values())

    def available(self, account: str) -> int:
        """Return the balance in the account's normal direction."""
        return -self.net(account) if account in self.credit_normal else self.net(account)

    def post(self, key: str, legs: dict[str, int]) -> str:
        """Take a journal and say what becomes of it."""
        if key in self.posted:
            return "replayed" if self.posted[key] == legs and key not in self.parent else "reused"
        if sum(legs.values()):
            return "unbalanced"
        self.posted[key] = legs
        if any(
            low is not None and account in legs and self.available(account) < low
            for account, low in self.minimum.items()
        ):
            del self.posted[key]
            return "limit"
        return "posted"

    def tree(self, key: str) -> dict[str, int]:
        """Return what a journal and every reversal below it come to."""
        total = dict(self.posted[key])
        for child, above in self.parent.items():
            if above == key:
                for account, fen in self.tree(child).items():
                    total[account] = total.get(account, 0) + fen
        return total

    def reverse(self, key: str, target: str, legs: dict[str, int]) -> str:
        """Take a partial reversal and say what becomes of it."""
        original = self.posted[target]
        if any(original.get(account, 0) * fen >= 0 for account, fen in legs.items()):
            return "over"
        self.posted[key], self.parent[key] = legs, target
        above: str | None = target
        while above is not None:
            whole, standing = self.posted[above], self.tree(above)
            for account, fen in standing.items():
                low, high = sorted((0, whole.get(account, 0)))
                if not low <= fen <= high:
                    del self.posted[key], self.parent[key]
                    return "over"
            above = self.parent.get(above)
        del self.posted[key]
        answer = self.post(key, legs)
        if answer != "posted":
            del self.parent[key]
        return answer
