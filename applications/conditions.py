"""
Conditions of a decision: free lines, and standard ones that become terms of the agreement. Pure.

A standard condition carries the fragment of terms that it stands for; a free line stands in the
agreement as it was written. Source: domain T09, docs/sources.md#decisions-per-dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

Fragment = Callable[[str], dict[str, Any]]
CONDITIONS_MAX = 20
TEXT_CHARACTERS_MAX = 500


def _scope(code: str, **stated: Any) -> dict[str, Any]:
    return {"scope": {"datasets": [{"code": code, **stated}]}}


def _group(size: int) -> tuple[str, Fragment]:
    return (
        f"统计分组不少于{size}个对象，出域前逐批检验k值",
        lambda code: {
            **_scope(code, group_size_min=size),
            "desensitization": {"output_check": True},
        },
    )


# Key → Chinese wording of the letter and the agreement, and the terms it states of one dataset.
STANDARD: dict[str, tuple[str, Fragment]] = {
    "SANDBOX_ONLY": ("仅限在安全沙箱内使用", lambda code: _scope(code, mode="SANDBOX")),
    "VERIFY_ONLY": ("仅限核验使用，只返回结论", lambda code: _scope(code, mode="VERIFY_ONLY")),
    "NO_ROW_EXPORT": (
        "不得导出明细行，结果经出域审核后方可带出",
        lambda code: {
            **_scope(code, mode="SANDBOX"),
            "desensitization": {"output_check": True},
        },
    ),
    "GROUP_SIZE:5": _group(5),
    "GROUP_SIZE:10": _group(10),
    "GROUP_SIZE:20": _group(20),
    "QUARTERLY_REPORT": (
        "每季度报送使用情况",
        lambda _code: {"reporting": {"every_months": 3}},
    ),
}
STANDARD_NAMES: dict[str, str | Promise] = {
    "SANDBOX_ONLY": _("Use in the secure sandbox only"),
    "VERIFY_ONLY": _("Verification only"),
    "NO_ROW_EXPORT": _("No export of rows; results leave after review"),
    "GROUP_SIZE:5": _("Groups of at least 5, tested before results leave"),
    "GROUP_SIZE:10": _("Groups of at least 10, tested before results leave"),
    "GROUP_SIZE:20": _("Groups of at least 20, tested before results leave"),
    "QUARTERLY_REPORT": _("A report on the use each quarter"),
}


def clean(given: Iterable[Any]) -> tuple[str, ...]:
    """
    Return conditions as keys of standard ones ("!KEY") and free lines, each once, in order.

    ``given`` holds lines of text and {"standard": KEY}.

    :raises InvalidInput: an unknown standard condition, or too many.
    """
    found: dict[str, None] = {}
    for one in given:
        if isinstance(one, Mapping):
            key = str(one.get("standard") or "")
            if key not in STANDARD:
                raise InvalidInput(fields={"conditions": _("There is no such condition.")})
            found[f"!{key}"] = None
        elif str(one).strip().lstrip("!"):
            found[str(one).strip().lstrip("!")[:TEXT_CHARACTERS_MAX]] = None
    if len(found) > CONDITIONS_MAX:
        raise InvalidInput(fields={"conditions": _("These are too many conditions.")})
    return tuple(found)


def text_of(condition: str) -> str:
    """Return the wording of a cleaned condition."""
    return STANDARD[condition[1:]][0] if condition.startswith("!") else condition


def statements(by_dataset: Mapping[str, Iterable[str]]) -> list[Any]:
    """
    Return the conditions of several datasets as the agreement reads them.

    ``by_dataset`` maps the codes of all approved datasets to cleaned conditions. What is attached
    to all of them is said once; what is attached to some names the dataset. A line is a text, a
    standard condition {"text", "terms"}.
    """
    attached: dict[str, list[str]] = {}
    for code, conditions in by_dataset.items():
        for condition in conditions:
            attached.setdefault(condition, []).append(code)
    lines: list[Any] = []
    for condition, codes in attached.items():
        named = "" if len(codes) == len(by_dataset) else f"{'、'.join(codes)}："
        text = f"{named}{text_of(condition)}"
        if not condition.startswith("!"):
            lines.append(text)
            continue
        fragments = [STANDARD[condition[1:]][1](code) for code in codes]
        # The wording is said with the first; the others only state their terms.
        lines += [
            {"text": "" if number else text, "terms": fragment}
            for number, fragment in enumerate(fragments)
        ]
    return lines


def texts(lines: Iterable[Any]) -> list[str]:
    """Return the wording of stated conditions, as letters and pages show it."""
    found = (line.get("text", "") if isinstance(line, Mapping) else str(line) for line in lines)
    return [text for text in found if text]
