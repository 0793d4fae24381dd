"""The editor of a term profile: one control an entry, by term."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts import labels
from contracts.queries import profile_form as controls
from contracts.queries.profile_form import ProfileEntry, ProfileGroup
from core.money import to_fen, to_yuan
from portal.contracts.forms import REASON_CHARACTERS_MAX
from portal.kit import Form

NUMBER_MAX = 10**12
LINES_CHARACTERS_MAX = 2_000
_FLAGS = (("", "—"), ("true", _("Yes")), ("false", _("No")))


class ProfileForm(Form):
    """Every entry of a term profile; an empty one says nothing."""

    note = forms.CharField(
        label=_("Why this version"),
        max_length=REASON_CHARACTERS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, groups: tuple[ProfileGroup, ...], **kwargs: Any) -> None:
        self.groups = groups
        super().__init__(*args, **kwargs)
        for group in groups:
            for entry in group.entries:
                self.fields[_name(entry.path)] = _field(entry)

    def sections(self) -> list[tuple[ProfileGroup, list[Any], bool]]:
        """Return each term with its bound fields, and whether it stands open."""
        found = []
        for group in self.groups:
            fields = [self[_name(entry.path)] for entry in group.entries]
            changed = self.is_bound and any(self._said(entry) for entry in group.entries)
            wrong = any(field.errors for field in fields) if self.is_bound else False
            found.append((group, fields, group.open or changed or wrong))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask that tiers of prices rise and that pairs can be read."""
        cleaned = super().clean() or {}
        for group in self.groups:
            for entry in group.entries:
                if entry.kind == controls.PAIRS:
                    self._clean_pairs(entry)
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return every entry the form states, by dotted path, as plain values."""
        found: dict[str, Any] = {}
        tiers: dict[str, dict[int, dict[str, Any]]] = {}
        for group in self.groups:
            for entry in group.entries:
                value = self._said(entry)
                if value is None:
                    continue
                if ".tiers." in entry.path:
                    start, number, part = entry.path.rsplit(".", 2)
                    tiers.setdefault(start, {}).setdefault(int(number), {})[part] = value
                else:
                    found[entry.path] = value
        for path, rows in tiers.items():
            found[path] = [
                {"up_to": row.get("up_to"), "yuan": row.get("yuan", "0")}
                for _number, row in sorted(rows.items())
            ]
        return found

    def _said(self, entry: ProfileEntry) -> Any:
        value = getattr(self, "cleaned_data", {}).get(_name(entry.path))
        if value in (None, "", [], {}):
            return None
        match entry.kind:
            case controls.FLAG:
                return value == "true"
            case controls.AMOUNT:
                return to_fen(value)
            case controls.PRICE:
                return format(value, "f")
            case controls.DAY:
                return value.isoformat()
            case controls.LINES:
                return [line.strip() for line in value.splitlines() if line.strip()]
            case _:
                return value

    def _clean_pairs(self, entry: ProfileEntry) -> None:
        name = _name(entry.path)
        text = self.cleaned_data.get(name) or ""
        found: dict[str, Any] = {}
        for line in filter(None, (line.strip() for line in text.splitlines())):
            key, colon, value = line.replace("：", ":").partition(":")
            if not colon or not key.strip() or not value.strip():
                self.add_error(name, _("Write each line as name: value."))
                return
            found[key.strip()] = _pair_value(entry.path, value.strip())
        self.cleaned_data[name] = found


class CommentForm(Form):
    """What somebody says about a profile."""

    about = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("The whole profile")), *labels.TERMS.items()],
    )
    text = forms.CharField(
        label=_("Comment"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The other side will read it."),
    )


def _pair_value(path: str, value: str) -> Any:
    if path.endswith(".filters"):
        return [part.strip() for part in value.replace("、", ",").split(",") if part.strip()]
    return int(value) if value.isascii() and value.isdigit() else value


def _name(path: str) -> str:
    return path.replace(".", "__")


def _field(entry: ProfileEntry) -> forms.Field:
    hint = _("Base template: %(value)s") % {"value": entry.base} if entry.base else ""
    common: dict[str, Any] = {"label": entry.label, "required": False, "help_text": hint}
    value = entry.value
    match entry.kind:
        case controls.FLAG:
            flag = {True: "true", False: "false"}.get(value, "")
            return forms.ChoiceField(choices=_FLAGS, initial=flag, **common)
        case controls.NUMBER:
            return forms.IntegerField(
                min_value=0, max_value=NUMBER_MAX, initial=value, localize=False, **common
            )
        case controls.AMOUNT:
            initial = None if value is None else to_yuan(value)
            return forms.DecimalField(
                min_value=Decimal(0), max_digits=14, decimal_places=2, initial=initial, **common
            )
        case controls.PRICE:
            return forms.DecimalField(
                min_value=Decimal(0), max_digits=12, decimal_places=6, initial=value, **common
            )
        case controls.DAY:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(initial=value, widget=widget, **common)
        case controls.CHOICE:
            choices = [("", "—"), *entry.choices]
            return forms.ChoiceField(choices=choices, initial=value or "", **common)
        case controls.MANY:
            return forms.MultipleChoiceField(
                choices=_with_old(entry), initial=value or [],
                widget=forms.CheckboxSelectMultiple, **common,
            )  # fmt: skip
        case controls.LINES | controls.PAIRS:
            return forms.CharField(
                max_length=LINES_CHARACTERS_MAX, initial=_lines(value),
                widget=forms.Textarea(attrs={"rows": 2}), **common,
            )  # fmt: skip
        case _:
            return forms.CharField(max_length=120, initial=value or "", **common)


def _with_old(entry: ProfileEntry) -> list[tuple[str, str]]:
    """Return the choices, with what an older version says and the vocabulary does not know."""
    known = {code for code, _text in entry.choices}
    old = [(code, code) for code in entry.value or () if code not in known]
    return [*entry.choices, *old]


def _lines(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(
            f"{name}：{'、'.join(v) if isinstance(v, list) else v}" for name, v in value.items()
        )
    return "\n".join(value or ())
