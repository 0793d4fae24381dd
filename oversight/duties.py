"""What waits for people in oversight."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from oversight.models import Alert, Evaluation, ExitCase, ViolationCase
from workflow import inbox


def _evaluation(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Evaluation)
    return subject.number, subject.licensee.name


def _alert(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Alert)
    return f"{subject.grade} · {subject.organization.short_name}", subject.summary


def _case(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ViolationCase)
    return subject.number or subject.reference, subject.party.name


def _exit(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ExitCase)
    return subject.number, subject.license.number


def register() -> None:
    """Register the duties; once, when the app is ready."""
    for name, title, steps in (
        ("report", _("Submit the self-report"), ("report",)),
        ("rectify", _("Report the rectification"), ("report_rectification",)),
        ("verify_report", _("Verify the self-report"), ("verify_report",)),
        ("score", _("Score the evaluation"), ("score", "recheck")),
    ):
        inbox.register(
            f"oversight.{name}", title=title, model=Evaluation, transitions=steps,
            route="portal:evaluation", describe=_evaluation, related=("licensee",),
        )  # fmt: skip
    inbox.register(
        "oversight.alert", title=_("Look after the alert"), model=Alert,
        transitions=("acknowledge",), route="portal:alert", describe=_alert,
        related=("organization",),
    )  # fmt: skip
    for name, title, steps in (
        ("file", _("File or dismiss the report"), ("file",)),
        ("hear", _("Investigate and hear the party"), ("send_hearing_notice",)),
        ("state", _("Give your statement"), ("receive_statement",)),
        ("decide", _("Decide the violation case"), ("decide",)),
        ("publish", _("Publish the decision"), ("publish",)),
        ("review", _("Answer the objection to a decision"), ("uphold",)),
    ):
        inbox.register(
            f"oversight.{name}", title=title, model=ViolationCase, transitions=steps,
            route="portal:case", describe=_case, related=("party",),
        )  # fmt: skip
    for name, title, steps in (
        ("destroy", _("Destroy the data and submit the certificate"), ("submit_certificate",)),
        ("check_certificate", _("Verify the certificate of destruction"),
         ("verify_certificate",)),
        ("settle", _("State the final settlement"), ("begin_final_settlement",)),
        ("archive", _("Archive the exit"), ("archive",)),
    ):
        inbox.register(
            f"oversight.{name}", title=title, model=ExitCase, transitions=steps,
            route="portal:exit", describe=_exit, related=("license",),
        )  # fmt: skip
