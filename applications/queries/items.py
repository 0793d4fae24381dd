"""The requested datasets as pages show them, with the opinions on each field."""

from __future__ import annotations

from typing import Any

from applications import scope
from applications.models import Application, ProviderBranch
from applications.queries.rows import FieldRow, ItemRow


def items_of(
    application: Application, *, provider_id: Any = None, with_opinions: bool = True
) -> tuple[ItemRow, ...]:
    """Return the requested datasets by code; of one provider only when it is named."""
    rows = application.items.select_related(
        "dataset__provider", "dataset__current_version"
    ).prefetch_related("dataset__current_version__fields")
    if provider_id is not None:
        rows = rows.filter(dataset__provider_id=provider_id)
    answers = _answers(application) if with_opinions else {}
    return tuple(_item(row, answers) for row in rows.order_by("dataset__code", "id"))


def _answers(application: Application) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    states = [ProviderBranch.State.DRAFTED, ProviderBranch.State.ANSWERED]
    for branch in application.branches.filter(state__in=states):
        for code, opinion in branch.opinion.items():
            merged.setdefault(code, {}).update(opinion["fields"])
    return merged


def _item(row: Any, answers: dict[str, dict[str, Any]]) -> ItemRow:
    dataset = row.dataset
    version = dataset.current_version
    known = {f.name: f for f in version.fields.all()} if version else {}
    given = answers.get(dataset.code, {})
    return ItemRow(
        code=dataset.code,
        title=dataset.title,
        provider_name=dataset.provider.name,
        level=dataset.level,
        level_name=str(dataset.get_level_display()),
        justification=row.justification,
        filters=dict(row.filters),
        fields=tuple(
            FieldRow(
                name=name,
                title=known[name].title if name in known else name,
                level=known[name].level if name in known else "",
                rule_name=_rule_name(given.get(name, {})),
                **given.get(name, {}),
            )
            for name in row.fields
        ),
    )


def _rule_name(answer: dict[str, str]) -> str:
    return str(scope.TRANSFORM_RULES.get(answer.get("rule", ""), ""))
