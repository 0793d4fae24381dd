"""The forms of the desk: whom, what, for whose eyes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications import actions
from applications.actions.attachments import ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX
from applications.actions.endings import STOPPABLE
from portal import wording
from portal.applications.forms import area, boxes
from portal.kit import Form

FILES_HINT = _("PDF, PNG or JPEG, five files of 10 MB at most.")


class SeveralFiles(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, each looked into by the action; those that are too large are not read."""

    widget = SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Files"), help_text=FILES_HINT, required=False, allow_empty_file=True, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> list[actions.Upload]:
        """Return what was uploaded."""
        given = data if isinstance(data, list) else [data] if data else []
        if len(given) > ATTACHMENTS_MAX or any(f.size > ATTACHMENT_BYTES_MAX for f in given):
            raise forms.ValidationError(FILES_HINT)
        return [_upload(super(Files, self).clean(file, initial)) for file in given]


def _upload(file: UploadedFile) -> actions.Upload:
    return actions.Upload(str(file.name), file.read())


class RemarkForm(Form):
    """A note on the whole case."""

    text = area(_("Remark"), rows=5)
    audience = forms.ChoiceField(
        label=_("Who reads this"),
        choices=(
            ("internal", _("The office only")),
            ("public", _("The applicant too: it is told and cannot be taken back")),
        ),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        initial="internal",
    )
    confirm = forms.BooleanField(
        label=_("I know that the applicant will read this."), required=False
    )
    papers = Files()

    def clean(self) -> dict[str, Any]:
        """Ask for the confirmation of what the applicant will read."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("audience") == "public" and not cleaned.get("confirm"):
            self.add_error("confirm", _("Confirm that the applicant will read this."))
        return cleaned


class QuestionForm(Form):
    """A question to the applicant and what it does to the clocks."""

    text = area(_("Question"), rows=5)
    stop_kinds = forms.MultipleChoiceField(
        label=_("Clocks that stand until the answer"),
        choices=[(kind, wording.CLOCKS[kind]) for kind in STOPPABLE],
        widget=boxes(),
        required=False,
        help_text=_("None chosen: the question costs no time, and the applicant is told so."),
    )
    stop_reason = forms.CharField(
        label=_("Why the clocks stand"), max_length=300, required=False
    )
    confirm = forms.BooleanField(label=_("I know that the applicant will read this."))


class AnswerForm(Form):
    """The applicant's answer."""

    text = area(_("Answer"), rows=6)
    papers = Files()


class ConsultForm(Form):
    """Whom to ask, and what."""

    people = forms.MultipleChoiceField(label=_("Whom you ask"), widget=boxes())
    text = area(_("What you want to know"), rows=4, most=2_000)


class OpinionForm(Form):
    """An opinion, or why none is given."""

    choice = forms.ChoiceField(
        label=_("Your answer"),
        choices=(("give", _("I give my opinion")), ("decline", _("I decline, for this reason"))),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        initial="give",
    )
    text = area(_("Opinion or reason"), rows=6)


class ReferenceForm(Form):
    """The number of the office's own files."""

    reference = forms.CharField(
        label=_("Reference of the office"),
        max_length=60,
        required=False,
        help_text=_("The case is found by its own number and by this one."),
    )


class LeaveForm(Form):
    """Who stands in, from when to when."""

    delegate_id = forms.ChoiceField(label=_("Who stands in"))
    from_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
