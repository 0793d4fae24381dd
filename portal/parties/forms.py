"""Forms of companies: their profile, their proof, their seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.actions.profiles import EVIDENCE_BYTES_MAX
from parties.actions.seats import SEAT_ROLES
from parties.roles import Role
from portal.kit import Form

TAXPAYERS = (
    ("GENERAL", _("General taxpayer")),
    ("SMALL_SCALE", _("Small-scale taxpayer")),
    ("NONE", _("Not a taxpayer")),
)
EVIDENCE_KINDS = (
    ("BUSINESS_LICENSE", _("Business license")),
    ("AUTHORIZATION_LETTER", _("Authorization letter")),
    ("AFFILIATION", _("Proof of an affiliation")),
    ("OTHER", _("Other proof")),
)
AFFILIATE_KINDS = (
    ("PARENT", _("Controls the company")),
    ("SUBSIDIARY", _("Is controlled by the company")),
    ("SISTER", _("Has the same controller")),
    ("MANAGEMENT", _("Has the same management")),
    ("OTHER", _("Other relation")),
)
SEATS = tuple((role.value, role.label) for role in Role if role in SEAT_ROLES)
FOUNDERS = tuple((value, label) for value, label in SEATS if value != Role.APPLICANT_SECURITY)


def _line(label: Any, most: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint)


class ProfileForm(Form):
    """Every entry of a profile; it may be saved unfinished."""

    name = _line(_("Full name of the company"), 120, required=True)
    short_name = _line(_("Short name"), 40)
    legal_representative = _line(_("Legal representative"), 60)
    address = _line(_("Registered address"), 200)
    contact_name = _line(_("Contact person"), 60)
    contact_phone = _line(_("Phone of the contact person"), 30)
    contact_email = forms.EmailField(label=_("E-mail of the contact person"), required=False)
    signatory_name = _line(
        _("Authorized signatory"), 60, hint=_("Who may sign for the company by the letter.")
    )
    signatory_phone = _line(_("Phone of the signatory"), 30)
    security_contact_name = _line(
        _("Security contact"), 60, hint=_("Whom to call when data are in danger, day and night.")
    )
    security_contact_phone = _line(_("Phone of the security contact"), 30)
    bank_name = _line(_("Bank"), 120)
    bank_account = _line(_("Bank account"), 40)
    taxpayer_type = forms.ChoiceField(label=_("Kind of taxpayer"), choices=TAXPAYERS)
    tax_address = _line(_("Address for invoices"), 200)
    tax_phone = _line(_("Phone for invoices"), 30)


class RegisterForm(Form):
    """The company and the seat of who registers it; the rest of the profile follows."""

    name = _line(_("Full name of the company"), 120, required=True)
    uscc = _line(
        _("Unified social credit code"),
        40,
        required=True,
        hint=_("18 characters, as on the business license."),
    )
    legal_representative = _line(_("Legal representative"), 60)
    address = _line(_("Registered address"), 200)
    role = forms.ChoiceField(label=_("Your role in the company"), choices=FOUNDERS)


class AccountFields(Form):
    """A new account."""

    full_name = _line(_("Your name"), 60, required=True)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        help_text=_("2 to 60 lower-case letters, digits, dots or hyphens."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )


class RegisterWithAccountForm(RegisterForm, AccountFields):
    """The company, and a new account for who registers it."""

    email = forms.EmailField(label=_("Your e-mail address"))
    phone = _line(_("Your phone"), 30)
    field_order = (
        "name", "uscc", "legal_representative", "address", "role", "full_name", "email", "phone",
        "username", "password",
    )  # fmt: skip


class CodeForm(Form):
    """The code of an invitation, for somebody with an account."""

    code = forms.CharField(
        label=_("Invitation code"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "data-code": ""}
        ),
        help_text=_("It stands in the mail you were sent."),
    )
    leave_other = forms.BooleanField(
        label=_("I leave the company where I have a seat now; my seats there end."),
        required=False,
    )


class CodeWithAccountForm(CodeForm, AccountFields):
    """The code of an invitation, and a new account for the address it was sent to."""

    leave_other = None  # type: ignore[assignment]  # who has no account has no seat to leave
    field_order = ("code", "full_name", "username", "password")


class EvidenceForm(Form):
    """One file of proof."""

    kind = forms.ChoiceField(label=_("What it proves"), choices=EVIDENCE_KINDS)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, 5 MiB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before anybody reads it."""
        file = self.cleaned_data["file"]
        if file.size > EVIDENCE_BYTES_MAX:
            raise forms.ValidationError(_("Choose a file of at most 5 MiB that is not empty."))
        return file


class AffiliateForm(Form):
    """One affiliate."""

    name = _line(_("Full name of the company"), 120, required=True)
    uscc = _line(_("Unified social credit code"), 40, required=True)
    kind = forms.ChoiceField(label=_("Relation"), choices=AFFILIATE_KINDS)
    proof = forms.ChoiceField(label=_("Proof"), choices=(), required=False)

    def __init__(self, *args: Any, files: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["proof"]
        field.choices = [("", "—"), *((str(f.id), f"{f.kind_name} · {f.name}") for f in files)]


class InviteForm(Form):
    """A seat for a mail address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only the person of this address can accept the invitation."),
    )
    role = forms.ChoiceField(label=_("Role of the seat"), choices=SEATS)


class ReturnForm(Form):
    """Why a profile goes back."""

    reason = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The company reads this. Name everything at once."),
    )


class HandOverForm(Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("Colleague"), choices=())
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(str(p.pk), f"{p.full_name} ({p.username})") for p in people]


class AppointForm(Form):
    """Who becomes the agent instead of whom."""

    member = forms.ChoiceField(label=_("Becomes the agent"), choices=())
    instead_of = forms.ChoiceField(label=_("Instead of"), choices=())
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, seats: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        old: Any = self.fields["instead_of"]
        named = [(s.role, (str(s.user_id), f"{s.full_name} · {s.role_name}")) for s in seats]
        member.choices = [c for role, c in named if role != Role.APPLICANT_AGENT]
        old.choices = [c for role, c in named if role == Role.APPLICANT_AGENT]
