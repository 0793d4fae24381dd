"""Forms of agreements and term profiles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.queries.entries import AMOUNT, CHOICE, NUMBER, FormEntry
from core.money import to_fen, to_yuan
from portal.home.second_factor import code_field, password_field
from portal.kit import Form

REASON_CHARACTERS_MAX = 2_000
NUMBER_MAX = 10**12


class ReasonForm(Form):
    """A reason, and nothing else."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other parties will read it."),
    )


class TerminateForm(ReasonForm):
    """Why an agreement ends before its term."""

    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[
            ("MUTUAL", _("By mutual consent")),
            ("BREACH", _("For breach")),
            ("FORCE_MAJEURE", _("Force majeure")),
            ("REGULATORY", _("Change of law or classification")),
        ],
    )
    field_order = ("cause", "reason")


class SignForm(Form):
    """The hash of the text that was read, the signer's word for it, and the proof."""

    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirm = forms.BooleanField(
        label=_("I have read the whole text and sign it for the organization named above."),
        error_messages={"required": _("Confirm that you have read the text before you sign.")},
    )
    password = password_field()
    code = code_field(
        label=_("One-time code"),
        hint=_("The six digits your authenticator application shows now, or a recovery code."),
    )


class UploadForm(Form):
    """A signed copy, and the proof of who hands it in."""

    file = forms.FileField(
        label=_("Signed copy (PDF)"),
        help_text=_("The copy offered here, with the signature of your organization added to it."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    password = password_field()
    code = code_field(label=_("One-time code"))


class LetterForm(Form):
    """A power of attorney: for whom, until when, and the letter itself."""

    delegate = forms.ChoiceField(label=_("Who may sign"), choices=())
    valid_until = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    letter = forms.FileField(
        label=_("Signed and sealed letter"),
        help_text=_("PDF, PNG or JPEG, at most 5 MB. It names this agreement and the person."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(
        self, *args: Any, people: tuple[tuple[str, str], ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"].choices = people  # type: ignore[attr-defined]


class EntriesForm(Form):
    """One field an entry of terms; only what differs from the present value is a change."""

    def __init__(self, *args: Any, entries: tuple[FormEntry, ...], **kwargs: Any) -> None:
        self.entries = {entry.path: entry for entry in entries}
        super().__init__(*args, **kwargs)
        for entry in entries:
            self.fields[_name(entry.path)] = _field(entry)
        # What it is for comes first, the reason last.
        self.order_fields([*(_name(path) for path in self.entries), "reason", "note"])

    def changed_values(self) -> dict[str, Any]:
        """Return the entries whose value was changed, by path; None takes a value back."""
        found = {}
        for path, entry in self.entries.items():
            value = self.cleaned_data.get(_name(path))
            value = None if value in ("", None) else value
            if value is not None and entry.kind == AMOUNT:
                value = to_fen(value)
            if value != entry.value:
                found[path] = value
        return found


class ProposalForm(EntriesForm, ReasonForm):
    """A proposed change of terms."""


class ProfileForm(EntriesForm):
    """The next version of a term profile."""

    note = forms.CharField(
        label=_("Why this version"),
        max_length=REASON_CHARACTERS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _name(path: str) -> str:
    return path.replace(".", "__")


def _field(entry: FormEntry) -> forms.Field:
    label = f"{entry.group} · {entry.label}"
    hint = _("Limit: %(limit)s") % {"limit": entry.limit} if entry.limit else ""
    common: dict[str, Any] = {"label": label, "required": False, "help_text": hint}
    if entry.kind == NUMBER:
        return forms.IntegerField(
            min_value=0, max_value=NUMBER_MAX, initial=entry.value, localize=False, **common
        )
    if entry.kind == AMOUNT:
        initial = None if entry.value is None else to_yuan(entry.value)
        return forms.DecimalField(
            min_value=Decimal(0), max_digits=14, decimal_places=2, initial=initial, **common
        )
    if entry.kind == CHOICE:
        choices = [("", "—"), *entry.choices]
        return forms.ChoiceField(choices=choices, initial=entry.value or "", **common)
    return forms.CharField(max_length=120, initial=entry.value or "", **common)
