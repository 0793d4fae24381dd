"""
Posting templates: which accounts may meet in a journal of a given name.

A balanced journal can still be wrong. Every debit of a journal is held against every credit of
it; a pair the template does not name is refused. Apps declare their templates at import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.errors import TemplateForbidsPair, UnknownTemplate

KINDS = ("asset", "liability", "equity", "income", "expense")
_declared: dict[str, frozenset[tuple[str, str]]] = {}


def declare(name: str, *, allowed: Iterable[tuple[str, str]]) -> None:
    """
    Declare a template by its allowed (debit, credit) pairs.

    Each side is a kind of account ("asset") or a prefix of account codes ("2202"). Declaring the
    same again changes nothing.

    :raises ValueError: the name is taken by other pairs, or a pair is empty.
    """
    pairs = frozenset(allowed)
    if not name or not pairs or any(not debit or not credit for debit, credit in pairs):
        raise ValueError(f"template {name!r} needs a name and non-empty pairs")
    if _declared.setdefault(name, pairs) != pairs:
        raise ValueError(f"template {name!r} is already declared with other pairs")


def check(
    *, name: str, debited: Sequence[tuple[str, str]], credited: Sequence[tuple[str, str]]
) -> None:
    """
    Refuse a journal whose accounts, each given as (code, kind), may not meet.

    :raises UnknownTemplate: nobody declared the name.
    :raises TemplateForbidsPair: a debit and a credit that no pair allows.
    """
    pairs = _declared.get(name)
    if pairs is None:
        raise UnknownTemplate(template=name)
    for debit in debited:
        for credit in credited:
            if not any(_fits(debit, d) and _fits(credit, c) for d, c in pairs):
                raise TemplateForbidsPair(template=name, debit=debit[0], credit=credit[0])


def _fits(account: tuple[str, str], pattern: str) -> bool:
    code, kind = account
    return kind == pattern if pattern in KINDS else code.startswith(pattern)
