"""Forms of the settlement pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import Form
from settlement.pricing import Model

WORDS_CHARACTERS_MAX = 2_000
MODELS = (
    (Model.FREE, _("Free of charge")),
    (Model.FIXED_PRODUCT, _("Fixed price per product")),
    (Model.PER_CALL, _("Per call")),
    (Model.TIERED_CALL, _("Per call, in tiers")),
    (Model.PER_RECORD, _("Per record")),
    (Model.SUBSCRIPTION_PERIOD, _("Subscription per period")),
    (Model.HYBRID, _("Base price and calls")),
)
MODEL_CHOICES = tuple((model.value, label) for model, label in MODELS)


class DraftForm(Form):
    """Which month is settled, and for whom."""

    month = forms.ChoiceField(label=_("Settlement month"))
    agreement = forms.ChoiceField(
        label=_("Agreement"),
        required=False,
        help_text=_("One that cannot be settled says why when it is chosen by itself."),
    )

    def __init__(
        self,
        *args: Any,
        months: tuple[date, ...] = (),
        agreements: tuple[tuple[Any, str], ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{first:%Y-%m-%d}", f"{first:%Y-%m}") for first in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        everyone = ("", _("All that have no statement for this month yet"))
        named = [(str(key), name) for key, name in agreements]
        self.fields["agreement"].choices = [everyone, *named]  # type: ignore[attr-defined]


class DisputeForm(Form):
    """What is wrong with a line."""

    reason = forms.CharField(
        label=_("What is wrong with this line"),
        help_text=_("The line is frozen until the exchange has answered; the rest stays payable."),
        max_length=WORDS_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(Form):
    """What the exchange answers."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=(
            ("STANDS", _("The line stands and is carried to the next statement")),
            ("DROPPED", _("The line is dropped")),
        ),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Grounds"),
        max_length=WORDS_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PaymentForm(Form):
    """What the bank reported."""

    bank_reference = forms.CharField(label=_("Reference of the bank"), max_length=60)
    amount = forms.DecimalField(
        label=_("Amount received, yuan"),
        help_text=_("What exceeds the amount due is kept as an advance on the next statement."),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    received_on = forms.DateField(
        label=_("Day of receipt"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PriceForm(Form):
    """The next version of a price."""

    dataset = forms.ChoiceField(label=_("Dataset"))
    model = forms.ChoiceField(label=_("Price model"), choices=MODEL_CHOICES)
    base_price = forms.DecimalField(
        label=_("Base price, yuan, tax included"),
        help_text=_("Per product or month; 0 for prices per call or record."),
        max_digits=18,
        decimal_places=6,
        min_value=Decimal(0),
        initial=Decimal(0),
    )
    tiers = forms.CharField(
        label=_("Prices per unit, yuan, tax included"),
        help_text=_(
            "One step per line as bound:price, e.g. 100000:0.05; the last without a bound, e.g."
            " :0.03. Leave empty for prices without units."
        ),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    effective_on = forms.DateField(
        label=_("In force from"),
        help_text=_("The first day of a month."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=300)

    def __init__(
        self, *args: Any, datasets: tuple[tuple[Any, str], ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(key), name) for key, name in datasets]
        self.fields["dataset"].choices = choices  # type: ignore[attr-defined]

    def clean_tiers(self) -> list[dict[str, str | None]]:
        """Read the steps; their figures are checked where prices are drafted."""
        steps: list[dict[str, str | None]] = []
        for line in self.cleaned_data["tiers"].splitlines():
            if not line.strip():
                continue
            bound, colon, price = line.replace("：", ":").replace(",", "").partition(":")
            if not colon or not price.strip():
                raise forms.ValidationError(_("Write each step as bound:price."))
            steps.append({"up_to": bound.strip() or None, "price": price.strip()})
        return steps
