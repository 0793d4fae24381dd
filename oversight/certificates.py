"""
The certificate of destruction: what it has to list, and where it has gaps. Pure.

Source: domain §3.2 (DeletionCertificate), §3.8; GF-2025-2616 art. 11; docs/sources.md#exit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oversight.errors import CertificateInvalid

COPY, BACKUP, EXTRACT, PROCESSOR = "COPY", "BACKUP", "EXTRACT", "PROCESSOR"
KINDS: dict[str, str | Promise] = {
    COPY: _("Working copies"),
    BACKUP: _("Backups"),
    EXTRACT: _("Extracts with source content"),
    PROCESSOR: _("Copies at sub-processors"),
}
# The same words in the record, which is a Chinese document.
CHINESE_KINDS = {COPY: "副本", BACKUP: "备份", EXTRACT: "原始摘录", PROCESSOR: "受托处理方"}
REQUIRED = ("number", "method", "standard", "operator", "witness")
ENTRIES = ("kind", "location", "content", "method")
ROWS_MAX = 200
CELL_CHARACTERS_MAX = 200


def read(
    *, stated: Mapping[str, str], copies: Iterable[Mapping[str, Any]], none_of: Iterable[str],
    destroyed_on: date, today: date,
) -> tuple[list[dict[str, Any]], list[str]]:  # fmt: skip
    """
    Return the copies and the kinds declared absent, in the form they are stored in.

    :raises CertificateInvalid: an entry is missing or impossible; a gap is no error here, it is
        for the verification to find.
    """
    wrong: dict[str, Any] = {
        name: _("This entry is needed.") for name in REQUIRED if not stated.get(name, "").strip()
    }
    if stated.get("operator", "").strip() and stated.get("operator") == stated.get("witness"):
        wrong["witness"] = _("The witness must be somebody else than the operator.")
    if destroyed_on > today:
        wrong["destroyed_on"] = _("This day lies in the future.")
    rows = [_row(copy, today=today, wrong=wrong) for copy in copies]
    absent = sorted(set(none_of))
    if not rows:
        wrong["copies"] = _("List at least one place where the data was.")
    if len(rows) > ROWS_MAX:
        wrong["copies"] = _("A certificate may list 200 places at most.")
    if set(absent) - set(KINDS) or set(absent) & {row["kind"] for row in rows}:
        wrong["none_of"] = _("A kind is either listed or declared absent.")
    if wrong:
        raise CertificateInvalid(fields=wrong)
    return rows, absent


def gaps(*, copies: Iterable[Mapping[str, Any]], none_of: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of what a certificate leaves open: a kind, or ``UNDESTROYED``."""
    rows = list(copies)
    listed = {row["kind"] for row in rows} | set(none_of)
    found = [kind for kind in KINDS if kind not in listed]
    if any(not row.get("destroyed_on") for row in rows):
        found.append("UNDESTROYED")
    return tuple(found)


GAP_WORDS: dict[str, str | Promise] = {
    COPY: _("working copies are neither listed nor declared absent"),
    BACKUP: _("backups are neither listed nor declared absent"),
    EXTRACT: _("extracts are neither listed nor declared absent"),
    PROCESSOR: _("sub-processors are neither listed nor declared absent"),
    "UNDESTROYED": _("a listed copy has not been destroyed"),
}


def _row(
    copy: Mapping[str, Any], *, today: date, wrong: dict[str, Any]
) -> dict[str, Any]:
    row = {name: str(copy.get(name) or "").strip()[:CELL_CHARACTERS_MAX] for name in ENTRIES}
    if row["kind"] not in KINDS or not row["location"] or not row["content"] or not row["method"]:
        wrong["copies"] = _("Each copy needs its kind, place, content and method.")
    stated = copy.get("destroyed_on")
    try:
        day = date.fromisoformat(stated) if isinstance(stated, str) and stated else stated or None
    except ValueError:
        wrong["copies"] = _("A day is written as 2026-07-18.")
        day = None
    if day is not None and day > today:
        wrong["copies"] = _("This day lies in the future.")
    return row | {"destroyed_on": day.isoformat() if day else None}
