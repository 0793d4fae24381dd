"""The datasets a case asks for: cleaned, with their parts of the form, fit for one case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import definition, form
from applications.errors import CannotShareCase
from applications.models import ApplicationItem, FormDefinition
from applications.queries.forms import parts_in_force
from catalog.models import Dataset
from core.errors import InvalidInput

Problems = dict[str, str | Promise]
FILTER_VALUES_MAX = 50


def choose_forms(
    entries: Sequence[dict[str, Any]],
    *,
    at: datetime,
    kept: Mapping[str, ApplicationItem] | None = None,
) -> list[dict[str, Any]]:
    """Return requested datasets each with the version of its part; known ones keep theirs."""
    known = {item.dataset_id: item.form for item in (kept or {}).values()}
    new = [entry["dataset"] for entry in entries if entry["dataset"].pk not in known]
    forms = parts_in_force(datasets=new, at=at) | known
    return [{**entry, "form": forms.get(entry["dataset"].pk)} for entry in entries]


def ask_one_case(entries: Sequence[Mapping[str, Any]], *, general: FormDefinition | None) -> None:
    """
    Ask that datasets fit one case.

    :raises CannotShareCase: they do not; ``fields`` is by dataset, the message names the groups.
    """
    groups = definition.share_out(
        general=general.content if general else {},
        parts=[(e["dataset"].code, e["form"].content if e["form"] else {}) for e in entries],
        most=form.ITEMS_MAX,
    )
    if len(groups) > 1:
        named = ["、".join(codes) for codes in groups]
        raise CannotShareCase(
            fields={
                code: text for codes, text in zip(groups, named, strict=True) for code in codes
            },
            plan="；".join(named),
            groups=groups,
        )


def clean_items(
    rows: Sequence[Mapping[str, Any]], *, kept: Collection[str] = ()
) -> list[dict[str, Any]]:
    """
    Return the requested datasets as they are stored; one of ``kept`` may be closed by now.

    :raises InvalidInput: as ``set_items`` says.
    """
    codes = [str(row.get("code", "")) for row in rows]
    datasets = {
        d.code: d
        for d in Dataset.objects.filter(
            code__in=codes, openness="CONDITIONAL", state__in=["PUBLISHED", "SUSPENDED"]
        )
        .select_related("current_version")
        .prefetch_related("current_version__fields")
    }
    problems: Problems = {}
    cleaned = []
    for code, row in zip(codes, rows, strict=True):
        closed = code in datasets and datasets[code].state != "PUBLISHED" and code not in kept
        if code not in datasets or closed or codes.count(code) > 1:
            problems[code] = _("Choose each dataset once, among those open under conditions.")
            continue
        entry, problem = _clean_item(row, datasets[code])
        cleaned.append(entry)
        if problem:
            problems[code] = problem
    if problems:
        raise InvalidInput(fields=problems)
    return cleaned


def _clean_item(
    row: Mapping[str, Any], dataset: Dataset
) -> tuple[dict[str, Any], str | Promise | None]:
    version = dataset.current_version
    known = [f.name for f in version.fields.all()] if version else []
    asked = set(row.get("fields") or ())
    filters = row.get("filters") or {}
    entry = {
        "dataset": dataset,
        "fields": [name for name in known if name in asked],
        "filters": filters,
        "justification": str(row.get("justification") or "").strip(),
    }
    if asked - set(known):
        return entry, _("The dataset has no such field.")
    if not isinstance(filters, dict) or not all(
        name in known
        and isinstance(values, list)
        and 0 < len(values) <= FILTER_VALUES_MAX
        and all(isinstance(value, str) for value in values)
        for name, values in filters.items()
    ):
        return entry, _("A filter names a field of the dataset and the values wanted.")
    return entry, None
