"""Forms of supervision; the actions check what matters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oversight import certificates, ladder
from oversight.queries.evaluations import INDICATOR_NAMES, TOPIC_NAMES
from oversight.queries.labels import (
    ALERT_OUTCOMES,
    ALERT_RULES,
    CASE_SOURCES,
    CODES,
    GRADES,
    INTERIM,
    MEASURES,
    SEVERITIES,
)
from portal.kit import Form

TEXT_CHARACTERS_MAX = 4_000
COPY_ROWS = 6


def text(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> Any:
    """Return a field of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def lines(value: str) -> list[str]:
    """Return the non-empty lines of an entry."""
    return [line.strip() for line in value.splitlines() if line.strip()]


class ReasonForm(Form):
    """A step that has to be explained."""

    reason = text(_("Reason"))


class AlertForm(Form):
    """Something a person noticed."""

    rule = forms.ChoiceField(label=_("What was noticed"), choices=ALERT_RULES)
    grade = forms.ChoiceField(label=_("Grade"), choices=GRADES, initial="III")
    license_id = forms.TypedChoiceField(label=_("License concerned"), choices=())
    summary = forms.CharField(label=_("In one sentence"), max_length=300)

    def __init__(self, *args: Any, licenses: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["license_id"]
        field.choices = license_choices(licenses)


class CloseAlertForm(Form):
    """What came of an alert."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=ALERT_OUTCOMES)
    note = text(_("Note"), rows=3)


class RestrictForm(Form):
    """A restriction for the time being."""

    percent = forms.IntegerField(
        label=_("Part of the quota that remains, percent"), min_value=0, max_value=99, initial=10
    )
    reason = text(_("Reason"), rows=3)

    def factor(self) -> str:
        """Return the part as a number between 0 and 1."""
        return format(Decimal(self.cleaned_data["percent"]) / 100, "f")


class ReportCaseForm(Form):
    """A suspected violation: of whom, with which license, what happened."""

    license_ids = forms.MultipleChoiceField(
        label=_("Licenses concerned"),
        help_text=_("All of one party."),
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    source = forms.ChoiceField(label=_("Where the report comes from"), choices=CASE_SOURCES)
    report = text(_("What is reported"))

    def __init__(self, *args: Any, licenses: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["license_ids"]
        field.choices = license_choices(licenses)


class FromAlertForm(Form):
    """A report that stands on an alert."""

    report = text(_("What is reported"))


class EvidenceForm(Form):
    """One file with where it comes from."""

    name = forms.CharField(label=_("Name of the evidence"), max_length=120)
    source = forms.CharField(
        label=_("Source"), max_length=120, help_text=_("Who handed it in, or where it was secured.")
    )
    content = forms.FileField(label=_("File"), help_text=_("20 MB at most. It cannot be removed."))


class FilingForm(Form):
    """What the case is about."""

    code = forms.ChoiceField(label=_("Kind of violation"), choices=CODES, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=SEVERITIES, widget=forms.RadioSelect
    )
    facts = text(_("Facts found"), rows=6)
    rule_article = forms.CharField(
        label=_("Rule broken"),
        max_length=200,
        help_text=_("For example the article of the agreement or of the platform's rules."),
    )


class InterimForm(Form):
    """A measure until the decision."""

    kind = forms.ChoiceField(label=_("Measure"), choices=INTERIM, widget=forms.RadioSelect)
    percent = forms.IntegerField(
        label=_("Part of the quota that remains, percent"),
        help_text=_("Only for a restriction."),
        min_value=0,
        max_value=99,
        initial=50,
    )
    reason = text(_("Reason"), rows=3)

    def factor(self) -> str:
        """Return the part as a number between 0 and 1."""
        return format(Decimal(self.cleaned_data["percent"]) / 100, "f")


class HearingForm(Form):
    """What is proposed to the party."""

    proposed_measure = forms.ChoiceField(
        label=_("Proposed measure"), choices=MEASURES, widget=forms.RadioSelect
    )


class StatementForm(Form):
    """What the party says."""

    text = text(_("Your statement"), rows=8)


class DecisionForm(Form):
    """The decision on a case."""

    measure = forms.ChoiceField(label=_("Measure"), choices=MEASURES, widget=forms.RadioSelect)
    reasons = text(_("Reasons"), rows=6)
    answer = text(
        _("Answer to the statement of the party"), rows=3, required=False,
        help_text=_("Whether and why the statement was followed."),
    )  # fmt: skip
    departure_reason = text(
        _("Reason for departing from the ladder"), rows=2, required=False,
        help_text=_("Needed only for a measure the ladder does not provide."),
    )  # fmt: skip
    damages = forms.DecimalField(
        label=_("Liquidated damages in yuan"), min_value=0, max_digits=12, decimal_places=2,
        initial=0,
    )  # fmt: skip

    def damages_fen(self) -> int:
        """Return the damages as whole fen."""
        return int(self.cleaned_data["damages"] * 100)


class PublishForm(Form):
    """Who is masked in the notice."""

    persons = text(
        _("Natural persons named in the texts"), rows=3, required=False,
        help_text=_("One name a line. Only their surnames are shown; numbers are masked anyway."),
    )  # fmt: skip


class AnswerForm(Form):
    """The answer to an objection."""

    result = forms.ChoiceField(
        label=_("Answer"),
        choices=(("UPHELD", _("The decision stands")), ("CHANGED", _("A milder measure"))),
        widget=forms.RadioSelect,
    )
    measure = forms.ChoiceField(
        label=_("Milder measure"), required=False,
        choices=(("", "—"), *((k, v) for k, v in MEASURES if k != ladder.CLOSE)),
    )  # fmt: skip
    reason = text(_("Reason"))


class SelfReportForm(Form):
    """The self-report, topic by topic."""

    def __init__(self, *args: Any, topics: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in topics:
            self.fields[topic] = text(TOPIC_NAMES[topic], rows=3)


class ScoreForm(Form):
    """Points for every indicator."""

    def __init__(self, *args: Any, scores: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in scores:
            self.fields[f"points_{line.indicator}"] = forms.IntegerField(
                label=_("%(name)s (0 to %(limit)s points)")
                % {
                    "name": INDICATOR_NAMES.get(line.indicator, line.indicator),
                    "limit": line.points_max,
                },
                min_value=0,
                max_value=line.points_max,
            )
        self.fields["remarks"] = text(_("Remarks"), rows=4)
        self.fields["rectifications"] = text(
            _("What has to be put right"), rows=3, required=False,
            help_text=_("One point a line; needed from 60 to 79 points."),
        )  # fmt: skip

    def points(self) -> dict[str, int]:
        """Return the points by indicator."""
        return {
            name.removeprefix("points_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("points_")
        }


class CertificateForm(Form):
    """The certificate of destruction; up to six places on one page."""

    number = forms.CharField(label=_("Number of the certificate"), max_length=60)
    method = forms.CharField(label=_("Method of destruction"), max_length=200)
    standard = forms.CharField(label=_("Standard followed"), max_length=200)
    operator = forms.CharField(label=_("Operator of the destruction"), max_length=60)
    witness = forms.CharField(label=_("Witness"), max_length=60)
    destroyed_on = forms.DateField(
        label=_("Completed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    none_of = forms.MultipleChoiceField(
        label=_("Never existed"),
        required=False,
        choices=tuple(certificates.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every other kind must be listed below with its places."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (("", "—"), *certificates.KINDS.items())
        for n in range(1, COPY_ROWS + 1):
            self.fields[f"copy{n}_kind"] = forms.ChoiceField(
                label=_("Kind"), choices=kinds, required=False
            )
            for name, label in (
                ("location", _("Storage place")), ("content", _("Content")), ("method", _("Method"))
            ):  # fmt: skip
                self.fields[f"copy{n}_{name}"] = forms.CharField(
                    label=label, max_length=200, required=False
                )
            self.fields[f"copy{n}_destroyed_on"] = forms.DateField(
                label=_("Destroyed on"), required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )  # fmt: skip

    def head(self) -> list[Any]:
        """Return the fields above the table."""
        return [self[name] for name in self.fields if not name.startswith("copy")]

    def table(self) -> list[list[Any]]:
        """Return the fields of the table, row by row."""
        columns = ("kind", "location", "content", "method", "destroyed_on")
        return [[self[f"copy{n}_{c}"] for c in columns] for n in range(1, COPY_ROWS + 1)]

    def copies(self) -> list[dict[str, Any]]:
        """Return the rows that say something."""
        found = []
        for n in range(1, COPY_ROWS + 1):
            day = self.cleaned_data.get(f"copy{n}_destroyed_on")
            row = {
                name: self.cleaned_data.get(f"copy{n}_{name}") or ""
                for name in ("kind", "location", "content", "method")
            }
            if any(row.values()):
                found.append(row | {"destroyed_on": day.isoformat() if day else None})
        return found


class FindingsForm(Form):
    """What a certificate lacks."""

    findings = text(_("What is missing"), rows=4, help_text=_("One finding a line."))


class SettlementForm(Form):
    """What is refunded and owed at the end."""

    refund = forms.DecimalField(
        label=_("Refund in yuan"), min_value=0, max_digits=12, decimal_places=2, initial=0
    )
    damages = forms.DecimalField(
        label=_("Damages owed in yuan"), min_value=0, max_digits=12, decimal_places=2, initial=0
    )
    note = text(_("Note"), rows=3, help_text=_("For example by which clause nothing is refunded."))

    def fen(self, name: str) -> int:
        """Return an amount as whole fen."""
        return int(self.cleaned_data[name] * 100)


def license_choices(licenses: Any) -> list[tuple[str, str]]:
    """Return licenses to choose from, each with its party and dataset."""
    return [
        (str(one.license_id), f"{one.party_name} · {one.license_number} · {one.dataset}")
        for one in licenses
    ]
