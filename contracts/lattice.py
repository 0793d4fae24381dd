"""
Strictness as an order: which of two values of a term is the stricter one. Pure.

Every entry of a term names one operator. An operator knows the *meet* of two values: the loosest
value that is at least as strict as both. ``None`` says nothing and gives way to any statement.
Products of such orders are such orders, so the meet of whole terms is commutative, associative
and idempotent, and never looser than what went in; tests/contracts/test_terms.py holds it to
that. Two values without a meet raise ``NoMeet`` with the path of the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


class NoMeet(ValueError):
    """Two values that no single value can satisfy; ``path`` says where."""

    def __init__(self, left: Any, right: Any, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"{'.'.join(path)}: {left!r} and {right!r}")
        self.left, self.right, self.path = left, right, path

    def under(self, name: str) -> NoMeet:
        """Return the same conflict, one level further out."""
        return NoMeet(self.left, self.right, (name, *self.path))


@dataclass(frozen=True)
class Operator:
    """
    How the values of one kind of entry are made stricter; ``word`` explains it to people.

    An entry with parts of its own names them (``parts``) and how each of them is made stricter.
    """

    word: str
    combine: Callable[[Any, Any], Any]
    parts: Callable[[Any], Mapping[str, Any]] | None = None
    inner: Operator | None = None

    def meet(self, left: Any, right: Any) -> Any:
        """Return the strictest of two values; ``None`` says nothing."""
        if left is None:
            return right
        return left if right is None else self.combine(left, right)


def _same(left: Any, right: Any) -> Any:
    if left != right:
        raise NoMeet(left, right)
    return left


def _common(left: Any, right: Any) -> tuple[str, ...]:
    return tuple(sorted(set(left) & set(right)))


def _common_some(left: Any, right: Any) -> tuple[str, ...]:
    found = _common(left, right)
    if not found:
        raise NoMeet(left, right)
    return found


def _every(left: Any, right: Any) -> tuple[str, ...]:
    return tuple(sorted(set(left) | set(right)))


def _by_key(operator: Operator) -> Callable[[Any, Any], dict[str, Any]]:
    def combine(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for key in sorted({*left, *right}):
            try:
                found[key] = operator.meet(left.get(key), right.get(key))
            except NoMeet as conflict:
                raise conflict.under(key) from conflict
        return found

    return combine


def _coded(items: Any) -> dict[str, Any]:
    return {item.code: item for item in items}


def _by_code(left: Any, right: Any) -> tuple[Any, ...]:
    return tuple(_by_key(NESTED)(_coded(left), _coded(right)).values())


def meet_models(left: M, right: M) -> M:
    """
    Return the strictest of two models of one class, entry by entry.

    :raises NoMeet: two entries contradict each other.
    """
    found = {}
    for name, operator in operators_of(type(left)):
        try:
            found[name] = operator.meet(getattr(left, name), getattr(right, name))
        except NoMeet as conflict:
            raise conflict.under(name) from conflict
    return type(left)(**found)


SAME = Operator("equal", _same)
LEAST = Operator("smaller is stricter", min)
MOST = Operator("larger is stricter", max)
EARLIEST = Operator("earlier is stricter", min)
LATEST = Operator("later is stricter", max)
YES = Operator("yes is stricter", lambda left, right: left or right)
NO = Operator("no is stricter", lambda left, right: left and right)
# What is allowed: only what both allow. COMMON may become empty, COMMON_SOME may not.
COMMON = Operator("fewer are stricter", _common)
COMMON_SOME = Operator("fewer are stricter", _common_some)
# What is demanded: everything either demands.
EVERY = Operator("more are stricter", _every)
NESTED = Operator("entry by entry", meet_models)
EACH = Operator("entry by entry", _by_key(NESTED), dict, NESTED)
BY_CODE = Operator("entry by entry", _by_code, _coded, NESTED)


def rank(*order: str) -> Operator:
    """Return the operator of named grades, the loosest first."""
    places = {name: place for place, name in enumerate(order)}
    return Operator(
        "later is stricter: " + " < ".join(order),
        lambda left, right: max(left, right, key=places.__getitem__),
    )


def each(operator: Operator) -> Operator:
    """Return the operator of a mapping whose values follow ``operator``."""
    return Operator("entry by entry", _by_key(operator), dict, operator)


def operators_of(model: type[BaseModel]) -> Iterator[tuple[str, Operator]]:
    """Return the entries of a model and their operators; an entry without one is a mistake."""
    for name, field in model.model_fields.items():
        [operator] = [item for item in field.metadata if isinstance(item, Operator)]
        yield name, operator


def clashes(models: Sequence[BaseModel]) -> tuple[tuple[str, ...], ...]:
    """
    Return the entries in which models of one class exclude each other, sorted.

    Every clash is found, not only the first, and the order of the models makes no difference.
    """
    return tuple(sorted(_clashes(NESTED, list(models))))


def _clashes(operator: Operator, values: list[Any]) -> Iterator[tuple[str, ...]]:
    stated = [value for value in values if value is not None]
    if len(stated) < 2:
        return
    if operator is NESTED:
        for name, inner in operators_of(type(stated[0])):
            found = _clashes(inner, [getattr(value, name) for value in stated])
            yield from ((name, *path) for path in found)
    elif operator.parts is not None and operator.inner is not None:
        parts = [operator.parts(value) for value in stated]
        for key in sorted({key for part in parts for key in part}):
            found = _clashes(operator.inner, [part.get(key) for part in parts])
            yield from ((key, *path) for path in found)
    else:
        met = stated[0]
        for value in stated[1:]:
            try:
                met = operator.meet(met, value)
            except NoMeet:
                yield ()
                return


def is_as_strict(left: BaseModel, right: BaseModel) -> bool:
    """Return whether ``left`` is at least as strict as ``right`` in every entry."""
    try:
        return meet_models(left, right) == left
    except NoMeet:
        return False


def looser_paths(candidate: BaseModel, floor: BaseModel) -> tuple[str, ...]:
    """
    Return the entries (dotted paths) in which a candidate is looser than a floor, sorted.

    An entry that contradicts the floor counts as looser. Each part is judged by itself, so that a
    contradiction in one does not hide what happened in another.
    """
    paths: set[str] = set()
    for name in type(candidate).model_fields:
        part, demand = getattr(candidate, name), getattr(floor, name)
        if demand is not None:
            paths |= _looser_in_part(
                type(candidate)(**{name: part}), type(floor)(**{name: demand})
            )
    return tuple(sorted(paths))


def _looser_in_part(candidate: BaseModel, floor: BaseModel) -> set[str]:
    given = leaves(candidate)
    try:
        tightened = leaves(meet_models(candidate, floor))
    except NoMeet as conflict:
        return {".".join(conflict.path)}
    return {path for path in leaves(floor) if tightened.get(path) != given.get(path)}


def leaves(model: BaseModel) -> dict[str, Any]:
    """Return every stated entry of a model by its dotted path, as plain JSON values."""
    found: dict[str, Any] = {}
    _collect(model.model_dump(mode="json"), (), found)
    return found


def _collect(value: Any, path: tuple[str, ...], found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key in sorted(value):
            _collect(value[key], (*path, key), found)
    elif isinstance(value, list) and value and all(_has_code(item) for item in value):
        for item in value:
            _collect(item, (*path, item["code"]), found)
    elif value is not None:
        found[".".join(path)] = value


def _has_code(item: Any) -> bool:
    return isinstance(item, dict) and "code" in item
