"""The price list for everyone, and the desk where prices are drafted and published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit import ActionView, ActView, Crumb, PageView, PublicPageView, crumb
from portal.settlement import forms
from settlement import actions, queries


class Prices(PublicPageView):
    """What the use of data costs. Open to all: a price is published before it is charged."""

    area = "settlement"
    title = gettext_lazy("Price list")
    template_name = "portal/settlement/prices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the prices in force."""
        context = super().get_context_data(**kwargs)
        context["prices"] = queries.price_list(at=self.at)
        return context


class Desk(PageView):
    """Every version of every price; drafts wait for a second person."""

    area = "settlement"
    title = gettext_lazy("Price versions")
    template_name = "portal/settlement/price_desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add drafts and published versions."""
        context = super().get_context_data(**kwargs)
        rows = queries.price_desk(actor=self.request.user)
        context["drafts"] = [row for row in rows if row.published_at is None]
        context["published"] = [row for row in rows if row.published_at is not None]
        return context


class New(ActionView):
    """Draft the next version of a price."""

    area = "settlement"
    title = gettext_lazy("Draft a price")
    submit_label = gettext_lazy("Save the draft")
    template_name = "portal/settlement/act.html"
    form_class = forms.PriceForm
    extra_context = {
        "hint": gettext_lazy("The price applies once another person has published it.")
    }

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back."""
        return crumb(_("Price versions"), "portal:price_desk"), crumb(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the datasets that may get a price."""
        datasets = queries.priceable_datasets(actor=self.request.user)
        return {**super().get_form_kwargs(), "datasets": datasets}

    def perform(self, form: Any) -> str:
        """Draft it."""
        facts = dict(form.cleaned_data)
        actions.draft_price(
            dataset_id=UUID(facts.pop("dataset")), **facts, actor=self.request.user, at=self.at
        )
        return _("The price is drafted. Another person of the exchange publishes it.")

    def get_success_url(self) -> str:
        """Return to the desk."""
        return reverse("portal:price_desk")


class Publish(ActView):
    """Publish a draft of somebody else."""

    area = "settlement"

    def perform(self) -> str | Promise:
        """Publish it."""
        price = actions.publish_price(
            price_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The price is published and applies from %(day)s.") % {
            "day": price.effective_on.isoformat()
        }

    def get_success_url(self) -> str:
        """Return to the desk."""
        return reverse("portal:price_desk")
