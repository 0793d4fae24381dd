"""The form of the decision: one answer for all datasets, or one for each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.conditions import STANDARD_NAMES
from portal.applications.forms import area, boxes, radio
from portal.kit import Form

EACH = "EACH"
RESULTS = (
    ("APPROVED", _("Approve the application")),
    ("APPROVED_WITH_CONDITIONS", _("Approve with conditions")),
    ("REJECTED", _("Reject the application")),
)
ITEM_RESULTS = (
    ("", _("Choose")),
    ("APPROVED", _("Approve")),
    ("APPROVED_WITH_CONDITIONS", _("Approve with conditions")),
    ("REJECTED", _("Reject")),
)


class DecisionForm(Form):
    """The decision; ``datasets`` are the rows that may each be decided on their own."""

    results: tuple[tuple[str, Any], ...] = RESULTS
    result = forms.ChoiceField(label=_("Result"), choices=RESULTS, widget=radio())
    reasons = area(_("Reasons"), rows=4)
    standard = forms.MultipleChoiceField(
        label=_("Standard conditions"),
        choices=list(STANDARD_NAMES.items()),
        widget=boxes(),
        required=False,
        help_text=_("They become terms of the agreement."),
    )
    conditions = area(_("Conditions, one a line"), rows=3, required=False)
    departure_reason = area(
        _("Reason for departing from the committee"),
        rows=2,
        required=False,
        help_text=_("Needed when the result differs from the conclusion of the committee."),
    )

    def __init__(self, *args: Any, datasets: tuple[Any, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.datasets = datasets if len(datasets) > 1 else ()
        if self.datasets:
            choices = [*self.results, (EACH, _("Decide each dataset on its own"))]
            self.fields["result"].choices = choices  # type: ignore[attr-defined]
        for row in self.datasets:
            self.fields |= _fields_of(row.code)

    def shared(self) -> list[Any]:
        """Return the bound fields of the whole case."""
        return [self[name] for name in self.fields if "." not in name]

    def clean(self) -> dict[str, Any]:
        """Refuse an answer for all beside answers for single datasets: one would be lost."""
        cleaned = super().clean() or {}
        single = any(cleaned.get(f"{row.code}.result") for row in self.datasets)
        if single and cleaned.get("result") not in (None, EACH):
            self.add_error(
                "result",
                _("Single datasets are filled in: choose to decide each, or leave them empty."),
            )
        return cleaned

    def is_each(self) -> bool:
        """Say whether the fields of each dataset are in use, so that the page shows them."""
        return self.is_bound and (
            self.data.get("result") == EACH
            or any(self.data.get(f"{row.code}.result") for row in self.datasets)
        )

    def blocks(self) -> list[dict[str, Any]]:
        """Return each dataset with its own bound fields."""
        return [
            {"row": row, "fields": [self[n] for n in self.fields if n.startswith(f"{row.code}.")]}
            for row in self.datasets
        ]

    def items(self) -> dict[str, dict[str, Any]] | None:
        """Return what is decided on each dataset, or None when one answer holds for all."""
        clean = self.cleaned_data
        if clean["result"] != EACH:
            return None
        return {
            row.code: {
                "result": clean[f"{row.code}.result"],
                "reasons": clean[f"{row.code}.reasons"],
                "conditions": self.attached(f"{row.code}."),
                "departure_reason": clean.get(f"{row.code}.departure_reason", ""),
            }
            for row in self.datasets
        }

    def attached(self, prefix: str = "") -> list[Any]:
        """Return standard and free conditions, as far as the result they belong to has any."""
        clean = self.cleaned_data
        if clean[f"{prefix}result"] not in ("APPROVED_WITH_CONDITIONS", "OVERTURNED", EACH):
            return []
        standard = [{"standard": key} for key in clean[f"{prefix}standard"]]
        return [*standard, *clean[f"{prefix}conditions"].splitlines()]


class AnswerForm(DecisionForm):
    """The answer to an objection; a new decision may decide each dataset on its own."""

    results = (
        ("UPHELD", _("The decision stands")),
        ("OVERTURNED", _("The objection is right")),
    )
    departure_reason = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["result"]
        if not self.datasets:
            field.choices = list(self.results)  # type: ignore[attr-defined]
        for row in self.datasets:
            del self.fields[f"{row.code}.departure_reason"]

    def answer(self) -> str:
        """Return the result of the objection; deciding anew is a changed decision."""
        result = str(self.cleaned_data["result"])
        return "OVERTURNED" if result == EACH else result


def _fields_of(code: str) -> dict[str, forms.Field]:
    def named(label: Any) -> Any:
        # In the summary of errors the name of the dataset tells two equal fields apart.
        return format_lazy("{code} · {label}", code=code, label=label)

    return {
        f"{code}.result": forms.ChoiceField(
            label=named(_("Result")), choices=ITEM_RESULTS, required=False
        ),
        f"{code}.reasons": area(named(_("Reasons of its own")), rows=2, required=False),
        f"{code}.standard": forms.MultipleChoiceField(
            label=named(_("Standard conditions")),
            choices=list(STANDARD_NAMES.items()),
            widget=boxes(),
            required=False,
        ),
        f"{code}.conditions": area(named(_("Conditions, one a line")), rows=2, required=False),
        f"{code}.departure_reason": area(
            named(_("Reason for departing from the committee")), rows=2, required=False
        ),
    }
