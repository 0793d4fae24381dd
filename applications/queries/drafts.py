"""The draft: content of the form, what each section lacks, which datasets can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications import answers as rules
from applications import form
from applications.definition import in_language
from applications.models import Application
from applications.queries.access import visible_application
from applications.queries.case import correction_of
from applications.queries.checks import CheckList, preview_checks
from applications.queries.files import FilesByField, files_content, files_for, files_on
from applications.queries.forms import (
    bound_of,
    form_of,
    gaps_of,
    labels_of,
    private_keys,
    sections_in,
)
from applications.queries.idle import DraftEnd, draft_end
from applications.queries.rows import CorrectionRow
from applications.queries.verdicts import state_name_of
from applications.states import EDITABLE
from applications.states import ApplicationState as S
from catalog.models import Dataset
from workflow import audit, policy
from workflow.models import AuditEntry

CHOICES_MAX = 200


@dataclass(frozen=True, slots=True)
class Section:
    """
    One task of the task list.

    ``status`` is untouched, begun, wrong (what is written does not fit), done or locked;
    ``problems`` are (field, what to do).
    """

    key: str
    title: str
    hint: str
    status: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft, or a returned application, as the applicant works on it."""

    id: UUID
    number: str
    scenario_name: str
    state: str
    state_name: str
    applicant_name: str
    sections: tuple[Section, ...]
    complete: bool
    done: int
    updated_at: datetime
    content: dict[str, Any]
    form: dict[str, Any]
    revision: int
    files: FilesByField
    warnings: tuple[tuple[str, str, str], ...]  # section, field, what is wrong
    checks: CheckList
    blocked: bool
    correction: CorrectionRow | None
    editable: bool
    withdrawable: bool
    end: DraftEnd | None = None
    updated_by: str = ""  # who saved last, for those who write here


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field that may be asked for."""

    name: str
    title: str
    level: str


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """One dataset that may be asked for, with its fields and what was chosen of them."""

    code: str
    title: str
    provider_name: str
    level: str
    requires_consent: bool
    conditions: str
    fields: tuple[FieldChoice, ...]


def content_of(application: Application) -> dict[str, Any]:
    """Return the answers of the form as plain values, the items with dataset code and title."""
    content = bound_of(application)
    content["answers"] = dict(application.answers)
    files = list(files_on(application))
    if application.answers or files:
        merged = form_of(application)
        if kept := files_content(application, merged, files):
            content["files"] = kept
        content["labels"] = labels_of(merged, language="zh")
        content["private"] = sorted(private_keys(merged))
    content["items"] = [
        {
            "code": item.dataset.code,
            "title": item.dataset.title,
            "fields": list(item.fields),
            "filters": dict(item.filters),
            "justification": item.justification,
        }
        for item in application.items.select_related("dataset").order_by("dataset__code", "id")
    ]
    return content


def draft_page(*, application_id: UUID, actor: Any, at: datetime) -> DraftPage:
    """
    Return a draft with the state of each section and what the checks would find now.

    :raises NotFound: there is no such application for this actor.
    """
    application = visible_application(application_id=application_id, actor=actor)
    content = content_of(application)
    correction = correction_of(application)
    may_edit = policy.may(actor, "applications.edit_application", application)
    editable = may_edit and application.state in EDITABLE
    merged = form_of(application)
    warnings = warnings_of(merged, content)
    wrong = frozenset(section for section, _name, _text in warnings)
    sections = _sections(application, content, correction, merged, wrong)
    checks = preview_checks(application_id=application_id, actor=actor, at=at)
    return DraftPage(
        id=application.pk,
        number=application.number or "",
        scenario_name=application.scenario_name,
        state=application.state,
        state_name=state_name_of(application),
        applicant_name=application.applicant.name,
        sections=sections,
        complete=not any(s.problems for s in sections),
        done=sum(not s.problems for s in sections),
        updated_at=application.updated_at,
        updated_by=_last_writer(application) if may_edit else "",
        content=content,
        form=merged,
        revision=application.revision,
        files=files_for(application, of_applicant=True),
        warnings=warnings,
        checks=checks,
        blocked=checks.blocked,
        correction=correction,
        editable=editable,
        withdrawable=policy.may(actor, "applications.withdraw_application", application),
        end=draft_end(application, at=at),
    )


def dataset_choices(*, codes: tuple[str, ...] | None = None) -> tuple[DatasetChoice, ...]:
    """Return the datasets open under conditions, by code; only those of ``codes`` when given."""
    found = Dataset.objects.filter(openness="CONDITIONAL", state="PUBLISHED")
    if codes is not None:
        found = Dataset.objects.filter(openness="CONDITIONAL", code__in=codes)
    rows = found.select_related("provider", "current_version").prefetch_related(
        "current_version__fields"
    )
    return tuple(
        DatasetChoice(
            code=d.code,
            title=d.title,
            provider_name=d.provider.name,
            level=d.level,
            requires_consent=d.requires_consent,
            conditions=d.conditions,
            fields=tuple(
                FieldChoice(f.name, f.title, f.level)
                for f in (d.current_version.fields.all() if d.current_version else ())
            ),
        )
        for d in rows.order_by("code")[:CHOICES_MAX]
    )


def warnings_of(
    merged: dict[str, Any], content: dict[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return what a draft says that a submission would be refused for, however much is missing."""
    found = rules.find_warnings(form=merged, answers=content["answers"], bound=content)
    for section, problems in form.find_warnings(content=content).items():
        found[section] = {**found.get(section, {}), **problems}
    return tuple(
        (section, name, str(text))
        for section, problems in found.items()
        for name, text in problems.items()
    )


def _last_writer(application: Application) -> str:
    """Return who stored the draft as it stands; who began it when nobody has changed it since."""
    subject_type, subject_id = audit.subject_key(application)
    entries = AuditEntry.objects.filter(
        subject_type=subject_type,
        subject_id=subject_id,
        action__in=("create", "edit"),
        outcome="DONE",
    )
    names = entries.order_by("-id").values_list("actor_name", flat=True)
    name = names.first() or ""
    # The record adds the user name to the person's; colleagues know each other without it.
    return name.rpartition(" (")[0] or name


def _sections(
    application: Application,
    content: dict[str, Any],
    correction: CorrectionRow | None,
    merged: dict[str, Any],
    wrong: frozenset[str],
) -> tuple[Section, ...]:
    titles = {
        "datasets": (_("Datasets and fields"), _("Which fields of which datasets, and why each")),
        "scenario": (_("Scenario and purpose"), _("One scenario; what comes of it and for whom")),
        "usage": (_("Usage and environment"), _("Delivery, environment, term, quota, region")),
        "security": (_("Security plan"), _("How the data are stored, guarded and watched")),
        "commitments": (_("Commitments"), _("What the applicant promises, with a signature")),
    }
    titles |= {
        s["key"]: tuple(
            in_language(s.get(name), get_language() or "") for name in ("title", "hint")
        )
        for s in merged["sections"]
    }
    gaps = gaps_of(application, content=content, merged=merged)
    written = {*content["answers"], *content.get("files", ())}
    touched = form.touched_sections(content=content) | {
        s["key"]
        for s in merged["sections"]
        if any(field["key"] in written for field in s["fields"])
    }
    returned = None
    if application.state == S.CORRECTION_REQUESTED and correction is not None:
        returned = {defect.section for defect in correction.defects}
        if not application.commitments.get("signer"):
            returned.add("commitments")
        if "answers" in returned:
            returned |= set(sections_in(merged)) - set(form.SECTIONS)
    sections = []
    for key in sections_in(merged):
        problems = tuple((name, str(text)) for name, text in gaps.get(key, {}).items())
        status = "done" if not problems else ("begun" if key in touched else "untouched")
        if problems and key in wrong:
            status = "wrong"
        if returned is not None and key not in returned:
            status = "locked"
        sections.append(Section(key, *titles[key], status, problems))
    return tuple(sections)
