"""The forms of what clocks count by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.working_days import WORKING_DAYS_MAX
from portal.applications.committee_forms import day
from portal.applications.forms import area
from portal.kit import Form


class RuleForm(Form):
    """A proposed version of a rule of clocks."""

    rule = forms.ChoiceField(label=_("Rule"))
    working_days = forms.IntegerField(
        label=_("Working days"),
        min_value=1,
        max_value=WORKING_DAYS_MAX,
        help_text=_("Of an escalation: working days after the last day of the time limit."),
    )
    role = forms.ChoiceField(
        label=_("Before whom it comes"),
        required=False,
        help_text=_("Needed for an escalation only."),
    )
    legal_basis = area(_("Legal basis"), rows=2, most=300)
    effective_on = day(pgettext_lazy("rule", "In force from"))

    def __init__(
        self,
        *args: Any,
        rules: list[tuple[str, str]],
        roles: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "—"), *roles]  # type: ignore[attr-defined]


class CalendarForm(Form):
    """A calendar as a file."""

    file = forms.FileField(
        label=_("File of the calendar"),
        help_text=_(
            "CSV or XLSX of at most 1 MB with the columns date, day_type (OFF or WORK), name_zh, "
            "source_notice. It must hold the whole calendar of every year it names."
        ),
    )
