"""What an amendment or a renewal may not change. Source: domain T13, T16."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.errors import RenewalWidens, ScenarioFixed
from applications.models import Application
from applications.queries import granted_scope

# What makes a scenario the same one; another one is another application.
SCENARIO_FIELDS = ("scenario_name", "purpose_class", "purpose_text")


def ask_same_scenario(application: Application, changes: Mapping[str, Any]) -> None:
    """
    Ask that a child case keeps the scenario of its parent.

    :raises ScenarioFixed: the name, the class or the text of the purpose would change.
    """
    parent = application.parent
    if parent is None:
        return
    changed = [
        name
        for name in SCENARIO_FIELDS
        if name in changes and changes[name] != getattr(parent, name)
    ]
    if changed:
        raise ScenarioFixed(fields=dict.fromkeys(changed, ScenarioFixed.default_message))


def ask_child(application: Application) -> None:
    """
    Ask that a child case is one, before it is looked at.

    :raises ScenarioFixed: the scenario is not the parent's.
    :raises RenewalWidens: a renewal asks for data or fields that were not granted.
    """
    ask_same_scenario(application, {n: getattr(application, n) for n in SCENARIO_FIELDS})
    if application.kind != Application.Kind.RENEWAL or application.parent_id is None:
        return
    granted = {g.dataset_code: set(g.fields) for g in granted_scope(application.parent_id)}
    wider = [
        item.dataset.code
        for item in application.items.select_related("dataset").order_by("dataset__code")
        if not set(item.fields) <= granted.get(item.dataset.code, set())
    ]
    if wider:
        raise RenewalWidens(datasets="、".join(wider))
