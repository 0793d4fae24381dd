"""What templates need to show numbers, days and fields as people here read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.boundfield import BoundWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import clock, money
from parties.roles import Role
from portal import wording

register = template.Library()

ICONS_DIR = Path("node_modules") / "@tabler" / "icons" / "icons" / "outline"
# The class that sets a box or a circle beside its words.
CHECK = "form-check-input"
_ICON_NAME = re.compile(r"[a-z0-9-]{1,60}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SVG_HEAD = re.compile(r"<svg[^>]*>", re.DOTALL)
TONES = frozenset({"blue", "green", "yellow", "red", "secondary"})


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the set; without a label it is decoration and said to be so."""
    drawing = _drawing(name)
    if not label:
        return format_html(
            '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none"'
            ' stroke="currentColor" stroke-width="2" stroke-linecap="round"'
            ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
            drawing,
        )
    return format_html(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" role="img" aria-label="{}">{}</svg>',
        label,
        drawing,
    )


@lru_cache(maxsize=256)
def _drawing(name: str) -> SafeString:
    if not _ICON_NAME.fullmatch(name):
        raise template.TemplateSyntaxError(f"{name!r} is not the name of an icon")
    path = settings.BASE_DIR / ICONS_DIR / f"{name}.svg"
    if not path.is_file():
        if (settings.BASE_DIR / ICONS_DIR).is_dir():
            raise template.TemplateSyntaxError(f"the set has no icon {name!r}")
        # Front-end assets are not installed: text beside the icon says the same.
        return SafeString("")
    body = _SVG_HEAD.sub("", path.read_text(encoding="utf-8").split("-->")[-1])
    # The drawing comes from the pinned package on this machine, never from input.
    return mark_safe(" ".join(body.replace("</svg>", "").split()))  # noqa: S308


@register.filter
def yuan(fen: int | None) -> str:
    """Return whole fen as ¥1,234.50; nothing for nothing."""
    return "" if fen is None else money.format_yuan(int(fen))


@register.filter
def capital(fen: int | None) -> str:
    """Return whole fen in capital numerals (大写)."""
    return "" if fen is None else money.capital_chinese(int(fen))


@register.filter
def minus(number: int) -> int:
    """Return a number with the other sign, for the credit column."""
    return -int(number)


@register.filter
def uscc(code: str) -> str:
    """Return a unified social credit code in groups of 4-4-4-6, as it is read aloud."""
    text = str(code or "")
    return f"{text[:4]} {text[4:8]} {text[8:12]} {text[12:]}" if len(text) == 18 else text


@register.filter
def cn_date(value: date | datetime | str | None) -> str:
    """Return a day in Asia/Shanghai as 2026年11月22日, or 22 Nov 2026 in English."""
    day = _local(value)
    if day is None:
        return ""
    if _is_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%b} {day.year}"


@register.filter
def cn_datetime(value: datetime | str | None) -> str:
    """Return a moment in Asia/Shanghai as 2026年11月22日 10:24, or 22 Nov 2026, 10:24."""
    moment = _local(value)
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return cn_date(moment)
    return f"{cn_date(moment)}{' ' if _is_chinese() else ', '}{moment:%H:%M}"


@register.filter
def due(view: Any) -> str:
    """Return a clock in words: how many working days are left, or by how many it is over."""
    if view is None or view == "":
        return ""
    if view.status == "closed":
        return _("Closed")
    if view.status == "stopped":
        return _("The clock stands")
    if view.status == "overdue":
        over = abs(view.remaining)
        text = ngettext("%(n)d working day overdue", "%(n)d working days overdue", over)
        return text % {"n": over}
    if view.remaining == 0:
        return _("Due today")
    text = ngettext("%(n)d working day left", "%(n)d working days left", view.remaining)
    return text % {"n": view.remaining}


@register.filter
def day_why(day: Any) -> str:
    """Return why a day of a count counts or is left out."""
    word = str(wording.DAY_WORDS[day.why])
    return _("%(word)s: %(note)s") % {"word": word, "note": day.note} if day.note else word


@register.filter
def due_tone(status: str) -> str:
    """Return the tone of a clock's status; the words beside it say the same."""
    tones = {"overdue": "red", "soon": "yellow", "stopped": "secondary", "closed": "secondary"}
    return tones.get(str(status), "blue")


@register.filter
def tone(name: str) -> str:
    """Return a tone the style sheet knows; an unknown one is neutral."""
    return name if name in TONES else "secondary"


@register.filter
def verb(code: str) -> str:
    """Return an act of the timeline in words."""
    return str(wording.verb(str(code)))


@register.filter
def subject_kind(code: str) -> str:
    """Return what an audit entry is about in words."""
    return str(wording.subject(str(code)))


@register.filter
def clock_kind(code: str) -> str:
    """Return what a clock measures in words."""
    return str(wording.clock_kind(str(code)))


@register.filter
def role_label(role: str) -> str:
    """Return the name of a role."""
    return str(Role(str(role)).label) if str(role) in Role.values else str(role)


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """Return one value of a mapping, or nothing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Return the widget of a field with its classes and its ties to hint and errors."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    classes = widget.attrs.get("class", "")
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        base = CHECK
    elif isinstance(widget, Select):
        base = "form-select"
    else:
        base = "form-control"
    attrs["class"] = f"{base} {classes} {'is-invalid' if field.errors else ''}".strip()
    ties = [f"{field.auto_id}_hint"] if field.help_text else []
    ties += [f"{field.auto_id}_problem"] if field.errors else []
    if ties:
        attrs["aria-describedby"] = " ".join(ties)
    if field.errors:
        attrs["aria-invalid"] = "true"
    if field.field.required and not isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        attrs["aria-required"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """
    Return the choices of a group, each control of the class that sets it beside its words.

    Whatever the form is made from: a group built by hand looks like every other one.
    """
    choices = list(field.subwidgets)
    for choice in choices:
        attrs = choice.data["attrs"]
        given = [name for name in str(attrs.get("class", "")).split() if name != CHECK]
        attrs["class"] = " ".join([CHECK, *given])
        if get_language() == "en" and _HAN.search(str(choice.data["label"])):
            # A name that has no English, such as that of a district.
            attrs["lang"] = "zh-CN"
    return choices


@register.filter
def shape(field: BoundField) -> str:
    """Return how a field is laid out: check, group, hidden or plain."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "plain"


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, number: int, name: str = "page") -> str:
    """Return the present address with another page number, filters kept."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def tab_url(context: template.Context, tab: str) -> str:
    """Return the present address on another tab, its first page, filters kept."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["tab"] = tab
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def facet_url(context: template.Context, name: str, value: str) -> str:
    """Return the present address with one value of a filter added, or taken off when it was set."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    chosen = query.getlist(name)
    query.setlist(name, [v for v in chosen if v != value] if value in chosen else [*chosen, value])
    return f"?{query.urlencode()}"


def _local(value: date | datetime | str | None) -> date | datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(clock.SHANGHAI)
    return value


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.filter
def pairs(facts: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return keys with values: in a template, ``.items`` means a key of that name first."""
    return list(facts.items())
