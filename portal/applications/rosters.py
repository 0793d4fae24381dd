"""The roster of the committee and the rules of its panels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, queries
from core import clock
from core.errors import NotFound
from parties import queries as parties
from parties.roles import Kind, Role
from portal.applications import committee_forms as forms
from portal.kit import ActionView, ActView, PageView

SEATED = (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.EXPERT)


class Rosters(PageView):
    """Who is in office, from when to when, appointed by whom."""

    area = "applications"
    title = gettext_lazy("Committee roster")
    template_name = "portal/applications/rosters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rosters."""
        context = super().get_context_data(**kwargs)
        context["rosters"] = queries.rosters(actor=self.request.user, at=self.at)
        context["keeps"] = parties.has_role(self.request.user, Role.COMMITTEE_SECRETARY)
        return context


class OpenRoster(ActionView):
    """Open a roster."""

    area = "applications"
    title = gettext_lazy("Open a roster")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.RosterForm
    submit_label = gettext_lazy("Open the roster")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Open it."""
        actions.open_roster(name=form.cleaned_data["name"], actor=self.request.user, at=self.at)
        return _("The roster is open. Appoint its members.")

    def get_success_url(self) -> str:
        """Return to the rosters."""
        return reverse("portal:committee_rosters")


class Appoint(ActionView):
    """Appoint one person."""

    area = "applications"
    title = gettext_lazy("Appoint a member")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.AppointForm
    submit_label = gettext_lazy("Appoint")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer who has a desk at the committee."""
        if not any(r.id == self.kwargs["pk"] and r.may_edit for r in self._rosters()):
            raise NotFound
        committee = parties.the(Kind.COMMITTEE)
        found = {p.pk: p for role in SEATED for p in parties.people_at(committee, role)}
        people = tuple((str(pk), person.full_name) for pk, person in found.items())
        return {**super().get_form_kwargs(), "people": people}

    def get_initial(self) -> dict[str, Any]:
        """Begin today."""
        return {"from_on": clock.local_date(self.at)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Appoint."""
        data = form.cleaned_data
        one = actions.Appointment(
            member_id=data["member"],
            role=data["role"],
            basis=data["basis"],
            from_on=data["from_on"],
            until_on=data["until_on"],
        )
        actions.appoint_members(
            roster_id=self.kwargs["pk"], appointments=[one], actor=self.request.user, at=self.at
        )
        return _("Appointed. It holds in every open case of the roster from now on.")

    def get_success_url(self) -> str:
        """Return to the rosters."""
        return reverse("portal:committee_rosters")

    def _rosters(self) -> Any:
        return queries.rosters(actor=self.request.user, at=self.at)


class EndTerm(ActView):
    """End a term of office."""

    def perform(self) -> str:
        """End it."""
        actions.end_term(
            term_id=self.kwargs["pk"],
            reason=self.request.POST.get("reason", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The term has ended. The person has left every open panel.")


class Dissolve(ActionView):
    """Dissolve a roster: what ends with it is counted first, then a reason is given."""

    area = "applications"
    title = gettext_lazy("Dissolve the roster")
    template_name = "portal/applications/roster_dissolve.html"
    form_class = forms.DissolveForm
    submit_label = gettext_lazy("Dissolve the roster")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would end now."""
        context = super().get_context_data(**kwargs, back_url=self.get_success_url())
        context["effect"] = queries.dissolution(
            roster_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return context

    def perform(self, form: Any) -> str:
        """Dissolve it."""
        actions.dissolve_roster(
            roster_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The roster is dissolved. Every term on it has ended.")

    def get_success_url(self) -> str:
        """Return to the rosters."""
        return reverse("portal:committee_rosters")


class Rules(PageView):
    """The versions of the rules."""

    area = "applications"
    title = gettext_lazy("Rules of the panels")
    template_name = "portal/applications/panel_rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the versions."""
        context = super().get_context_data(**kwargs)
        context["versions"] = queries.panel_rules(actor=self.request.user)
        context["keeps"] = parties.has_role(self.request.user, Role.COMMITTEE_SECRETARY)
        return context


class ProposeRule(ActionView):
    """Propose a version, beginning with the newest."""

    area = "applications"
    title = gettext_lazy("Propose new rules")
    template_name = "portal/applications/panel_act.html"
    form_class = forms.RuleForm
    submit_label = gettext_lazy("Propose")

    def get_initial(self) -> dict[str, Any]:
        """Begin with the version in force."""
        kind = self.request.GET.get("kind", "REVIEW")
        rows = [r for r in queries.panel_rules(actor=self.request.user) if r.kind == kind]
        if not rows:
            return {}
        rules = rows[0].rules
        sheet = [
            f"{key}, {rules.titles.get(key, key)}, {most}, {rules.reason_below.get(key, 0)}"
            for key, most in rules.criteria.items()
        ]
        return {
            "kind": kind,
            "criteria": "\n".join(sheet),
            "quorum_seats_min": rules.quorum_seats_min,
            "presence_ratio": rules.presence_ratio,
            "pass_ratio": rules.pass_ratio,
            "mean_score_min": rules.mean_score_min,
            "weights": ", ".join(str(w) for w in rules.weights.values()),
            "tie_rule": rules.tie_rule,
            "abstentions_count": rules.abstentions_count,
            "veto_criterion": rules.veto_criterion,
            "veto_below": rules.veto_below,
            "panel_needed": rows[0].panel_needed,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where "Cancel" leads."""
        return super().get_context_data(**kwargs, back_url=self.get_success_url())

    def perform(self, form: Any) -> str:
        """Propose it."""
        data = {**form.cleaned_data, "veto_below": form.cleaned_data["veto_below"] or 0}
        actions.propose_panel_rule(actor=self.request.user, at=self.at, **data)
        return _("The version is proposed. Somebody else approves it.")

    def get_success_url(self) -> str:
        """Return to the versions."""
        return reverse("portal:committee_rules")


class SettleRule(ActView):
    """Approve or refuse a proposed version."""

    def perform(self) -> str:
        """Settle it."""
        key: UUID = self.kwargs["pk"]
        approve = self.request.POST.get("answer") == "approve"
        actions.settle_panel_rule(
            rule_id=key, approve=approve, actor=self.request.user, at=self.at
        )
        return _("The version is approved.") if approve else _("The version is refused.")
