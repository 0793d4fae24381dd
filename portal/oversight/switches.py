"""Acts that are switched off: the list, a proposal, its approval, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oversight import actions, queries
from parties.roles import Role
from portal.kit import ActionView, ActView, Crumb, Form, PageView, crumb

TEXT_CHARACTERS_MAX = 300
# What each right that can be switched off is called; a test names the one that is missing.
ACT_NAMES = {
    "applications.submit_application": pgettext_lazy("act", "Submit applications"),
    "applications.request_correction": pgettext_lazy("act", "Return applications for correction"),
    "applications.accept_application": pgettext_lazy("act", "Accept applications or refuse to"),
    "applications.pass_security_review": pgettext_lazy("act", "Review the security"),
    "applications.seat_panel": pgettext_lazy("act", "Seat a panel"),
    "applications.vote_application": pgettext_lazy("act", "Vote in a panel"),
    "applications.conclude_committee": pgettext_lazy("act", "Close the vote and conclude"),
    "applications.decide_application": pgettext_lazy("act", "Decide applications"),
    "applications.draft_opinion": pgettext_lazy("act", "Draft the opinion of a provider"),
}


def act_name(permission: str) -> str:
    """Return what a right is called."""
    return str(ACT_NAMES.get(permission, permission))


class SwitchForm(Form):
    """What is to be switched off, where, for whom, why, by what authority, until when."""

    permission = forms.ChoiceField(label=gettext_lazy("Act"))
    of_state = forms.ChoiceField(
        label=gettext_lazy("Only in the state"),
        required=False,
        help_text=gettext_lazy("Left open, it is off in every state."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Only for the role"),
        required=False,
        help_text=gettext_lazy(
            "Left open, it is off for everybody. A person who holds the role is kept from the act"
            " whatever other roles the person holds."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Whoever tries the act reads it."),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"), max_length=TEXT_CHARACTERS_MAX
    )
    until_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Left open, it holds until somebody ends it."),
    )

    def __init__(self, *args: Any, acts: tuple[Any, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = {code: name for act in acts for code, name in act.states}
        roles = dict.fromkeys(role for act in acts for role in act.roles)
        anywhere, anybody = _("Every state"), _("Everybody")
        self._offer("permission", [(a.permission, act_name(a.permission)) for a in acts])
        self._offer("of_state", [("", anywhere), *states.items()])
        self._offer("role", [("", anybody), *((r, str(Role(r).label)) for r in roles)])

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class Switches(PageView):
    """What is switched off, what was, and what could be."""

    area = "oversight"
    title = gettext_lazy("Acts switched off")
    template_name = "portal/oversight/switches.html"

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the desk."""
        return crumb(gettext_lazy("Supervision desk"), "portal:supervision"), crumb(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the switches this reader may see, and what may be proposed."""
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["rows"] = [
            {
                "row": row,
                "name": act_name(row.act.permission),
                "role_name": str(Role(row.role).label) if row.role else "",
                "tone": {"PROPOSED": "yellow", "IN_FORCE": "red"}.get(row.state, "gray"),
                "offers": {offer.name: offer for offer in row.offers},
            }
            for row in queries.verb_switches(actor=user)
        ]
        context["may_propose"] = queries.may_propose_switch(user)
        acts = queries.switchable_acts() if context["may_propose"] else ()
        context["acts"] = [(act, act_name(act.permission)) for act in acts]
        return context


class NewSwitch(ActionView):
    """Propose to switch an act off."""

    area = "oversight"
    title = gettext_lazy("Switch an act off")
    template_name = "portal/oversight/act.html"
    form_class = SwitchForm
    submit_label = gettext_lazy("Propose")
    extra_context = {
        "hint": gettext_lazy(
            "It takes hold in the moment somebody else approves it: the act vanishes from every"
            " page, and whoever tries it is refused. Withdrawal, objection and what clocks do"
            " cannot be switched off."
        )
    }

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back over the list."""
        return crumb(gettext_lazy("Acts switched off"), "portal:switches"), crumb(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the act that was chosen in the list, or every one."""
        acts = queries.switchable_acts()
        wanted = self.request.GET.get("act", "")
        chosen = tuple(act for act in acts if act.permission == wanted)
        return {**super().get_form_kwargs(), "acts": chosen or acts}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Back" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Propose it."""
        actions.propose_switch(**form.cleaned_data, actor=self.request.user, at=self.at)
        return _("The switch is proposed. Somebody else approves it.")

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse("portal:switches")


class SettleSwitch(ActView):
    """Approve or refuse a proposed switch."""

    def perform(self) -> str:
        """Settle it."""
        approve = self.request.POST.get("answer") == "approve"
        actions.settle_switch(
            switch_id=self.kwargs["pk"], approve=approve, actor=self.request.user, at=self.at
        )
        return _("The act is switched off.") if approve else _("The proposal is refused.")


class EndSwitch(ActView):
    """Switch an act on again."""

    def perform(self) -> str:
        """End it."""
        actions.end_switch(
            switch_id=self.kwargs["pk"],
            reason=self.request.POST.get("reason", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The act is switched on again.")
