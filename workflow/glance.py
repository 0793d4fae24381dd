"""
A glance: a short read in which a fact that many checks ask for is fetched once.

Barriers look at one subject at a time, and many of them ask the same thing of the actor (which
desks are yours?). A work list runs them over many subjects; within a glance the second asking
finds the first answer. Nothing is kept afterwards, so nothing can grow stale.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

T = TypeVar("T")
_seen: ContextVar[dict[Hashable, object] | None] = ContextVar("glance", default=None)


@contextmanager
def glancing() -> Iterator[None]:
    """Open a glance, or join the one that is open; around code that writes nothing."""
    token = _seen.set({} if (known := _seen.get()) is None else known)
    try:
        yield
    finally:
        _seen.reset(token)


def is_open() -> bool:
    """Return whether a glance is open, so that gathering more than is asked for now pays."""
    return _seen.get() is not None


def once(key: Hashable, fetch: Callable[[], T]) -> T:
    """Return what ``fetch`` returns; within a glance it is asked once per key."""
    seen = _seen.get()
    if seen is None:
        return fetch()
    if key not in seen:
        seen[key] = fetch()
    return cast(T, seen[key])
