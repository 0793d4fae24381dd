"""The opening list and the workbench of a dataset: every gate can be walked by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django import forms as django_forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog import actions, queries
from core.errors import NotAllowedNow
from portal.catalog import forms
from portal.kit import (
    ActionView,
    ActView,
    Crumb,
    PageView,
    Pagination,
    StripStep,
    Text,
    crumb,
)
from portal.templatetags.datadeed import cn_date

TONES = {
    "PUBLISHED": "green",
    "SUSPENDED": "red",
    "HELD_NON_OPEN": "red",
    "WITHDRAWN": "secondary",
    "DRAFT": "secondary",
}
# Per transition: the page where it is done, and the words of its button.
STEPS: dict[str, tuple[str, Text]] = {
    "classify": ("dataset_classify", _("Classify")),
    "pass_scan": ("dataset_scan", _("Scan all rows")),
    "assess_risk": ("dataset_assess", _("Record the risk assessment")),
    "pass_secrecy_review": ("dataset_secrecy", _("Give the secrecy review")),
    "open_preview": ("dataset_preview", _("Open the preview")),
    "publish": ("dataset_publish", _("Publish")),
    "suspend": ("dataset_suspend", _("Suspend")),
    "resume": ("dataset_resume", _("Resume")),
    "hold": ("dataset_hold", _("Hold as not open")),
    "tighten": ("dataset_tighten", _("Close as not open")),
    "begin_reclassification": ("dataset_reclassify", _("Begin a reclassification")),
    "withdraw": ("dataset_withdraw", _("Withdraw the dataset")),
}
# Steps without anything to fill in: one button that acts.
BUTTONS = ("pass_scan", "open_preview", "publish")


class OpeningList(PageView):
    """The datasets around the reader, with where each stands."""

    title = _("Opening list")
    template_name = "portal/catalog/opening_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read one page of the list."""
        state = self.request.GET.get("state", "")
        listed = queries.opening_list(
            actor=self.request.user, state=state, page=_number(self.request.GET.get("page"))
        )
        return super().get_context_data(
            listed=listed,
            state=state,
            page=Pagination(listed.page, listed.pages, listed.total),
            rows=[(row, TONES.get(row.state, "blue")) for row in listed.rows],
            **kwargs,
        )


class Workbench(PageView):
    """One dataset: where it stands, what the reader may do, and all evidence so far."""

    template_name = "portal/catalog/workbench.html"

    def get_title(self) -> Text:
        """Return code and title."""
        return _("Opening of %(code)s %(title)s") % {
            "code": self.bench.code,
            "title": self.bench.title,
        }

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the list."""
        return (crumb(_("Opening list"), "portal:opening_list"), Crumb(self.bench.code))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the desk of the dataset."""
        self.bench = queries.workbench(dataset_id=self.kwargs["pk"], actor=self.request.user)
        return super().get_context_data(
            bench=self.bench,
            tone=TONES.get(self.bench.state, "blue"),
            strip=tuple(StripStep(step.name, step.status) for step in self.bench.way),
            steps=[_step(offer, self.bench.id) for offer in _in_order(self.bench.offers)],
            facts=_facts(self.bench),
            **kwargs,
        )


class _Step(ActionView):
    """A gate with something to fill in."""

    template_name = "portal/catalog/step.html"
    transition: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form to those who may take the step now; nobody fills one in for nothing."""
        bench = queries.workbench(dataset_id=self.kwargs["pk"], actor=request.user)
        if not self.is_open(bench):
            raise NotAllowedNow
        return super().get(request, *args, **kwargs)

    def is_open(self, bench: queries.Workbench) -> bool:
        """Return whether the reader may take this step now."""
        return any(offer.name == self.transition and not offer.barred for offer in bench.offers)

    def get_title(self) -> Text:
        """Return what is done."""
        return STEPS[self.transition][1]

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the dataset."""
        return (
            crumb(_("Opening list"), "portal:opening_list"),
            crumb(f"{self.bench.code} {self.bench.title}", "portal:dataset_desk", self.bench.id),
            Crumb(self.get_title()),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the dataset beside the form."""
        self.bench = queries.workbench(dataset_id=self.kwargs["pk"], actor=self.request.user)
        kwargs.setdefault("submit_label", self.get_title())
        return super().get_context_data(bench=self.bench, facts=_facts(self.bench), **kwargs)

    def get_success_url(self) -> str:
        """Return to the dataset."""
        return reverse("portal:dataset_desk", args=[self.kwargs["pk"]])

    @property
    def key(self) -> dict[str, Any]:
        """What every action on this dataset takes."""
        return {"dataset_id": self.kwargs["pk"], "actor": self.request.user, "at": self.at}


class AddRows(_Step):
    """Add the rows of a version."""

    form_class = forms.Rows

    def is_open(self, bench: queries.Workbench) -> bool:
        """Return whether the reader may add rows now."""
        return bench.may_add_rows

    def get_title(self) -> Text:
        """Return what is done."""
        return _("Add rows")

    def perform(self, form: django_forms.Form) -> Text:
        """Hand the uploaded file over."""
        with _as_file(form.cleaned_data["file"]) as path:
            version = actions.add_version(source_path=path, **self.key)
        return _("Version %(number)d has %(rows)d rows now.") % {
            "number": version.number,
            "rows": version.row_count,
        }


class SetTerm(_Step):
    """Set how long the dataset is open."""

    form_class = forms.Term

    def is_open(self, bench: queries.Workbench) -> bool:
        """Return whether the reader may set the term."""
        return bench.may_set_term

    def get_title(self) -> Text:
        """Return what is done."""
        return _("Set the term of opening")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what holds."""
        bench = queries.workbench(dataset_id=self.kwargs["pk"], actor=self.request.user)
        names = ("open_from", "open_to", "operated_to")
        return {name: getattr(bench, name) for name in names} | {"basis": bench.term_basis}

    def perform(self, form: django_forms.Form) -> Text:
        """Set it."""
        actions.set_dataset_term(**form.cleaned_data, **self.key)
        return _("The term is set. No agreement and no license reaches beyond it.")


class Classify(_Step):
    """Classify the dataset."""

    transition = "classify"
    form_class = forms.Classify

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the provider proposed."""
        bench = queries.workbench(dataset_id=self.kwargs["pk"], actor=self.request.user)
        return {"openness": bench.openness, "reason_code": bench.reason_code}

    def perform(self, form: django_forms.Form) -> Text:
        """Classify."""
        dataset = actions.classify_dataset(**form.cleaned_data, **self.key)
        return _("The dataset is classified as level %(level)s.") % {"level": dataset.level}


class AssessRisk(_Step):
    """Record the risk assessment."""

    transition = "assess_risk"
    form_class = forms.AssessRisk

    def perform(self, form: django_forms.Form) -> Text:
        """Record it."""
        actions.assess_risk(**form.cleaned_data, **self.key)
        return _("The risk assessment is recorded.")


class ReviewSecrecy(_Step):
    """Give the secrecy review."""

    transition = "pass_secrecy_review"
    form_class = forms.SecrecyReview

    def perform(self, form: django_forms.Form) -> Text:
        """Record the opinion."""
        passes = form.cleaned_data["passes"] == "yes"
        actions.review_secrecy(passes=passes, opinion=form.cleaned_data["opinion"], **self.key)
        return _("The secrecy review is recorded.")


class _Reasoned(_Step):
    """A step that takes a reason, and nothing but a reason."""

    form_class = forms.Reason
    done: ClassVar[Text] = ""
    action: ClassVar[Callable[..., Any]]

    def perform(self, form: django_forms.Form) -> Text:
        """Take the step."""
        type(self).action(**form.cleaned_data, **self.key)
        return self.done


class Suspend(_Reasoned):
    """Suspend an open dataset."""

    transition, done = "suspend", _("The dataset is suspended; its licenses deliver nothing.")
    action = staticmethod(actions.suspend_dataset)


class Resume(_Reasoned):
    """Resume a suspended dataset."""

    transition, done = "resume", _("The dataset is open again.")
    action = staticmethod(actions.resume_dataset)


class Withdraw(_Reasoned):
    """Withdraw an open dataset for good."""

    transition, done = "withdraw", _("The dataset is withdrawn.")
    action = staticmethod(actions.withdraw_dataset)


class Hold(_Reasoned):
    """Hold a dataset that is not open yet."""

    transition, done = "hold", _("The dataset is held as not open.")
    form_class = forms.Close
    action = staticmethod(actions.hold_dataset)


class Tighten(_Reasoned):
    """Close an open dataset."""

    transition, done = "tighten", _("The dataset is closed as not open.")
    form_class = forms.Close
    action = staticmethod(actions.tighten_dataset)


class Reclassify(_Step):
    """Begin a reclassification on evidence."""

    transition = "begin_reclassification"
    form_class = forms.Reclassify

    def perform(self, form: django_forms.Form) -> Text:
        """Hand the evidence over."""
        entries = dict(form.cleaned_data)
        entries["content"] = entries["content"].read(actions.EVIDENCE_BYTES_MAX + 1)
        actions.begin_reclassification(**entries, **self.key)
        return _("The reclassification has begun. Declare the fields anew, then classify.")


class _Button(ActView):
    """A gate that is one button."""

    def get_success_url(self) -> str:
        """Return to the dataset."""
        return reverse("portal:dataset_desk", args=[self.kwargs["pk"]])

    @property
    def key(self) -> dict[str, Any]:
        """What every action on this dataset takes."""
        return {"dataset_id": self.kwargs["pk"], "actor": self.request.user, "at": self.at}


class Scan(_Button):
    """Scan all rows."""

    def perform(self) -> Text:
        """Scan; a hit is not an error, it is the answer."""
        scan = actions.scan_dataset(**self.key)
        if scan.hits:
            return _("The scan found sensitive content; the dataset is held as not open.")
        return _("%(rows)d rows scanned, nothing found.") % {"rows": scan.rows_scanned}


class OpenPreview(_Button):
    """Open the preview."""

    def perform(self) -> Text:
        """Open it."""
        actions.open_preview(**self.key)
        return _("The preview is open.")


class Publish(_Button):
    """Publish."""

    def perform(self) -> Text:
        """Publish."""
        actions.publish_dataset(**self.key)
        return _("The dataset is published.")


@contextmanager
def _as_file(upload: UploadedFile) -> Iterator[Path]:
    """Yield an uploaded file as a path; it is gone afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _in_order(offers: tuple[Any, ...]) -> list[Any]:
    order = list(STEPS)
    return sorted((o for o in offers if o.name in STEPS), key=lambda o: order.index(o.name))


def _step(offer: Any, dataset_id: UUID) -> dict[str, Any]:
    route, label = STEPS[offer.name]
    return {
        "label": label,
        "url": reverse(f"portal:{route}", args=[dataset_id]),
        "barred": offer.barred,
        "is_button": offer.name in BUTTONS,
        "is_main": offer.name in list(STEPS)[:6],
    }


def _facts(bench: queries.Workbench) -> list[tuple[Text, str]]:
    operated = cn_date(bench.operated_to)
    return [
        (_("Provider"), bench.provider_name),
        (_("Opening class"), bench.openness_name),
        (_("Reason"), bench.reason_name),
        (_("Level"), bench.level_name),
        (_("Update frequency"), bench.frequency_name),
        (_("Opening conditions"), bench.conditions),
        (_("Term of opening"), _span(bench)),
        (_("Authorized operation until"), operated or ""),
        (_("Basis of the term"), bench.term_basis),
    ]


def _span(bench: queries.Workbench) -> str:
    if not (bench.open_from or bench.open_to):
        return str(_("No end is set"))
    return f"{cn_date(bench.open_from) or '—'} – {cn_date(bench.open_to) or '—'}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1
