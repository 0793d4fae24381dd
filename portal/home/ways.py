"""How messages travel: what a person chooses, and what the authority sets for the roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notify import actions, queries
from notify.topics import Way
from portal.kit import ActionView, Form, Text, crumb

SEPARATOR = "--"


class MyWays(ActionView):
    """How I want to hear of each topic, within what the topic allows."""

    title = _("How messages reach me")
    template_name = "portal/home/my_ways.html"
    submit_label = _("Save the choices")

    def get_crumbs(self) -> Any:
        """Return the way back to the profile."""
        return (crumb(_("Profile"), "portal:profile"), crumb(self.title))

    def get_form(self, form_class: Any = None) -> Form:
        """Return one choice per topic that may reach this person."""
        form = Form(self.request.POST) if self.request.method == "POST" else Form()
        for row in queries.own_ways(actor=self.request.user):
            house = _("As the house says: %(way)s") % {"way": row.house.label}
            # Where one way alone is allowed there is nothing to choose.
            own = _named(row.allowed) if len(row.allowed) > 1 else ()
            form.fields[row.key] = _choice(
                row.title, (("", house), *own), row.choice, hint=row.hint
            )
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each topic with its field."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["rows"] = [
            (row, form[row.key]) for row in queries.own_ways(actor=self.request.user)
        ]
        return context

    def perform(self, form: Any) -> Text:
        """Keep what was chosen."""
        count = actions.choose_ways(
            wanted=form.cleaned_data, actor=self.request.user, at=self.at
        )
        return _changed(count)

    def get_success_url(self) -> str:
        """Stay on the page."""
        return self.request.path


class HouseWays(ActionView):
    """How each role hears of each topic unless a person chose otherwise."""

    title = _("Rules of messages")
    template_name = "portal/home/house_ways.html"
    submit_label = _("Set the rules")

    def get_form(self, form_class: Any = None) -> Form:
        """Return one choice per topic and role, and the reason."""
        form = Form(self.request.POST) if self.request.method == "POST" else Form()
        for row in queries.house_ways(actor=self.request.user):
            for cell in row.cells:
                name = f"{row.key}{SEPARATOR}{cell.role}"
                label = f"{row.title} · {cell.role_name}"
                form.fields[name] = _choice(label, _named(row.allowed), cell.way, required=True)
        form.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=actions.REASON_CHARACTERS_MAX
        )
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each topic with its cells and their fields."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context["rows"] = [
            (row, [(cell, form[f"{row.key}{SEPARATOR}{cell.role}"]) for cell in row.cells])
            for row in queries.house_ways(actor=self.request.user)
        ]
        context["reason"] = form["reason"]
        return context

    def perform(self, form: Any) -> Text:
        """Set what differs from what holds now."""
        data = dict(form.cleaned_data)
        reason = data.pop("reason")
        wanted = {}
        for name, way in data.items():
            topic, _separator, role = name.partition(SEPARATOR)
            wanted[topic, role] = way
        count = actions.set_house_ways(
            wanted=wanted, reason=reason, actor=self.request.user, at=self.at
        )
        return _changed(count)

    def get_success_url(self) -> str:
        """Stay on the page."""
        return self.request.path


def _named(ways: tuple[Way, ...]) -> tuple[tuple[str, str | Promise], ...]:
    return tuple((way.value, way.label) for way in ways)


def _choice(
    label: str | Promise, choices: Any, initial: str, *, hint: str | Promise = "",
    required: bool = False,
) -> forms.ChoiceField:  # fmt: skip
    field = forms.ChoiceField(
        label=str(label),
        choices=choices,
        required=required,
        initial=initial,
        help_text=str(hint),
    )
    # One way alone is no choice; the page says it as a word.
    field.disabled = len(choices) == 1
    return field


def _changed(count: int) -> Text:
    if not count:
        return _("Nothing was changed.")
    told = ngettext("%(n)d rule holds from now on.", "%(n)d rules hold from now on.", count)
    return told % {"n": count}
