"""Changes to a draft that somebody else has changed meanwhile: what fits is taken together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from applications import merging
from applications.models import Application
from applications.queries import content_of, draft_changed


def merged_changes(
    application: Application, changes: Mapping[str, Any], *, base: Mapping[str, str], since: int
) -> dict[str, Any]:
    """
    Return the changes that can be stored beside what the others stored after a revision.

    :raises DraftChanged: an entry was changed by both; ``clashes`` has them.
    """
    stored = content_of(application)
    found = merging.merge(base=base, mine=merging.flat(changes), theirs=merging.flat(stored))
    if found.clashes:
        raise draft_changed(application, since=since, clashes=found.clashes)
    kept = merging.nested(found.changes)
    if "security_plan" in kept:
        # The plan is stored whole.
        kept["security_plan"] = {**stored["security_plan"], **kept["security_plan"]}
    return kept


def merged_items(
    application: Application,
    items: Iterable[Mapping[str, Any]],
    *,
    base: Mapping[str, str],
    since: int,
) -> list[Mapping[str, Any]]:
    """
    Return the datasets that both lists make together, dataset by dataset.

    :raises DraftChanged: a dataset was changed by both; ``clashes`` has them.
    """
    theirs = {item["code"]: item for item in content_of(application)["items"]}
    mine = {str(item["code"]): item for item in items}
    codes = sorted({*mine, *theirs})
    found = merging.merge(
        base={code: base.get(code, merging.mark(None)) for code in codes},
        mine={code: merging.written(mine.get(code)) for code in codes},
        theirs={code: merging.written(theirs.get(code)) for code in codes},
    )
    if found.clashes:
        raise draft_changed(application, since=since, clashes=found.clashes)
    changed = set(found.changes)
    both = {code: mine.get(code) if code in changed else theirs.get(code) for code in codes}
    return [item for item in both.values() if item is not None]
