"""Forms of agreements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.queries.entries import AMOUNT, CHOICE, NUMBER, SEVERAL, YES_NO, FormEntry
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
    """Why an agreement ends before its term, by what rule, and when."""

    cause = forms.ChoiceField(label=_("Cause"))
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The clause of the agreement or the rule this rests on."),
    )
    ends_on = forms.DateField(
        label=_("Last day of use"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for the earliest day that the notice allows."),
    )
    field_order = ("cause", "reason", "legal_basis", "ends_on")

    def __init__(self, *args: Any, causes: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ChoiceField)
        cause.choices = list(causes)


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
        self.order_fields([*(_name(path) for path in self.entries), "reason"])

    def changed_values(self) -> dict[str, Any]:
        """Return the entries whose value was changed, by path; None takes a value back."""
        found = {}
        for path, entry in self.entries.items():
            value = self.cleaned_data.get(_name(path))
            value = _plain(entry, value)
            if value != entry.value:
                found[path] = value
        return found


class ProposalForm(EntriesForm, ReasonForm):
    """A proposed change of terms, made for the text that was read."""

    text_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class WithdrawForm(Form):
    """Why one's own proposal is taken back, if one wants to say so."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARACTERS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other parties will read it."),
    )


class CommentForm(Form):
    """Something said about a clause, and who may read it."""

    clause = forms.CharField(widget=forms.HiddenInput, max_length=40)
    text = forms.CharField(
        label=_("Comment"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.ChoiceField(
        label=_("Who reads this"),
        choices=[("own", _("My own side only")), ("all", _("Both sides"))],
        widget=forms.RadioSelect,
    )


class ReplyForm(Form):
    """An answer in a conversation."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _name(path: str) -> str:
    return path.replace(".", "__")


def _plain(entry: FormEntry, value: Any) -> Any:
    """Return a value as the terms state it; None says nothing."""
    if value in ("", None, []):
        return None
    if entry.kind == AMOUNT:
        return to_fen(value)
    if entry.kind == YES_NO:
        return value == "yes"
    return sorted(value) if entry.kind == SEVERAL else value


def _field(entry: FormEntry) -> forms.Field:
    label = f"{entry.group} · {entry.label}"
    now = entry.value if entry.proposed is None else entry.proposed
    hint = _("Limit: %(limit)s") % {"limit": entry.limit} if entry.limit else ""
    common: dict[str, Any] = {"label": label, "required": False, "help_text": hint}
    if entry.kind == NUMBER:
        return forms.IntegerField(
            min_value=0, max_value=NUMBER_MAX, initial=now, localize=False, **common
        )
    if entry.kind == AMOUNT:
        yuan = None if now is None else to_yuan(now)
        return forms.DecimalField(
            min_value=Decimal(0), max_digits=14, decimal_places=2, initial=yuan, **common
        )
    if entry.kind == CHOICE:
        choices = [("", "—"), *entry.choices]
        return forms.ChoiceField(choices=choices, initial=now or "", **common)
    if entry.kind == YES_NO:
        either = [("", "—"), ("yes", str(_("Yes"))), ("no", str(_("No")))]
        stated = "" if now is None else ("yes" if now else "no")
        return forms.ChoiceField(choices=either, initial=stated, **common)
    if entry.kind == SEVERAL:
        return forms.MultipleChoiceField(
            choices=entry.choices,
            initial=now or [],
            widget=forms.CheckboxSelectMultiple,
            **(common | {"required": bool(entry.value)}),
        )
    return forms.CharField(max_length=120, initial=now or "", **common)
