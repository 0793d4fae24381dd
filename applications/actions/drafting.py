"""Writing the application: it may be unfinished in any way until it is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import form
from applications.actions.access import ask_right, ask_state, lock_application
from applications.actions.child_rules import ask_same_scenario
from applications.errors import SectionLocked
from applications.models import Application, ApplicationItem, CorrectionNotice
from applications.states import EDITABLE, ApplicationState
from catalog.models import Dataset
from core.errors import InvalidInput
from parties import queries as parties
from parties.errors import NotVerified
from parties.models import Organization
from parties.roles import Kind, Role
from workflow import audit, transitions

Problems = dict[str, str | Promise]
FILTER_VALUES_MAX = 50


@transitions.action
def start_application(
    *, actor: Any, at: datetime, scenario_name: str = "", **changes: Any
) -> Application:
    """
    Begin a draft for the organization whose agent the actor is.

    ``changes`` are entries of the form as ``edit_application`` takes them.

    :raises Forbidden: the actor is nobody's agent.
    :raises NotVerified: the organization has no valid verification.
    :raises InvalidInput: an entry that the form cannot hold.
    """
    applicant = parties.organization_for(actor, Role.APPLICANT_AGENT)
    cleaned = form.clean_changes(changes={"scenario_name": scenario_name, **changes})
    return store_draft(applicant=applicant, actor=actor, at=at, **cleaned)


def store_draft(
    *, applicant: Organization, actor: Any, at: datetime, **content: Any
) -> Application:
    """
    Store a new draft of an applicant, for actions that have asked whether the actor may.

    :raises NotVerified: the applicant has no valid verification on the day of ``at``.
    """
    if not parties.has_valid_verification(applicant, at=at):
        raise NotVerified
    draft = Application(
        applicant=applicant,
        authority=parties.the(Kind.AUTHORITY),
        platform=parties.the(Kind.PLATFORM),
        committee=parties.the(Kind.COMMITTEE),
        drafted_by=actor,
        created_at=at,
        updated_at=at,
        **content,
    )
    return transitions.create(draft, actor=actor, at=at, applicant=applicant)


@transitions.action
def edit_application(
    *, application_id: UUID, changes: Mapping[str, Any], actor: Any, at: datetime
) -> Application:
    """
    Store changed entries of a draft or of a returned section.

    Anything may be left empty; completeness is asked for at submission.

    :raises InvalidInput: an unknown entry, or a value it cannot hold.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = _editable(application_id, actor)
    cleaned = form.clean_changes(changes=changes)
    ask_same_scenario(application, cleaned)
    _ask_sections(application, {_section_of(name) for name in cleaned})
    changed = [name for name, value in cleaned.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, cleaned[name])
    if changed:
        _store(application, actor=actor, at=at, changed=changed)
    return application


@transitions.action
def set_items(
    *, application_id: UUID, items: Iterable[Mapping[str, Any]], actor: Any, at: datetime
) -> Application:
    """
    Replace the requested datasets of a draft.

    Each item is {"code", "fields", "filters", "justification"}; ``filters`` maps a field to the
    values whose rows are wanted.

    :raises InvalidInput: a dataset that is not open under conditions, twice the same, a field or
        filter it does not have. ``fields`` is keyed by the dataset code.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = _editable(application_id, actor)
    _ask_sections(application, {"datasets"})
    rows = list(items)
    if len(rows) > form.ITEMS_MAX:
        raise InvalidInput(_("At most %(most)s datasets fit one application."), most=form.ITEMS_MAX)
    wanted = clean_items(rows)
    application.items.all().delete()
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=application, **entry) for entry in wanted
    )
    _store(application, actor=actor, at=at, changed=["items"])
    return application


@transitions.action
def sign_commitments(
    *, application_id: UUID, codes: Iterable[str], actor: Any, at: datetime
) -> Application:
    """
    Record which commitments the actor signs for the applicant.

    :raises InvalidInput: an unknown commitment.
    :raises SectionLocked: a correction did not return this section.
    """
    application = _editable(application_id, actor)
    _ask_sections(application, {"commitments"})
    signed = sorted(set(codes))
    unknown = [code for code in signed if code not in form.COMMITMENTS]
    if unknown:
        raise InvalidInput(fields={code: _("The form has no such entry.") for code in unknown})
    application.commitments = {
        "codes": signed,
        "signer": actor.full_name,
        "signer_id": str(actor.pk),
        "signed_at": at.isoformat(),
    }
    _store(application, actor=actor, at=at, changed=["commitments"])
    return application


def _editable(application_id: UUID, actor: Any) -> Application:
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.edit_application", actor=actor)
    ask_state(application, *EDITABLE)
    return application


def _section_of(name: str) -> str:
    return next(s for s, names in form.SECTION_FIELDS.items() if name in names)


def _ask_sections(application: Application, sections: set[str]) -> None:
    if application.state != ApplicationState.CORRECTION_REQUESTED:
        return
    notice = CorrectionNotice.objects.get(
        application=application, submission_round=application.submission_round
    )
    returned = {defect["section"] for defect in notice.defects}
    locked = sections - returned
    if locked:
        raise SectionLocked(fields={s: _("This section was not returned.") for s in locked})


def _store(application: Application, *, actor: Any, at: datetime, changed: list[str]) -> None:
    application.updated_at = at
    application.save()
    audit.record(application, "edit", actor=actor, at=at, facts={"changed": sorted(changed)})


def clean_items(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Return the requested datasets as they are stored.

    :raises InvalidInput: as ``set_items`` says.
    """
    codes = [str(row.get("code", "")) for row in rows]
    datasets = {
        d.code: d
        for d in Dataset.objects.filter(
            code__in=codes, openness="CONDITIONAL", state__in=["PUBLISHED", "SUSPENDED"]
        )
        .select_related("current_version")
        .prefetch_related("current_version__fields")
    }
    problems: Problems = {}
    cleaned = []
    for code, row in zip(codes, rows, strict=True):
        if code not in datasets or codes.count(code) > 1:
            problems[code] = _("Choose each dataset once, among those open under conditions.")
            continue
        entry, problem = _clean_item(row, datasets[code])
        cleaned.append(entry)
        if problem:
            problems[code] = problem
    if problems:
        raise InvalidInput(fields=problems)
    return cleaned


def _clean_item(
    row: Mapping[str, Any], dataset: Dataset
) -> tuple[dict[str, Any], str | Promise | None]:
    version = dataset.current_version
    known = [f.name for f in version.fields.all()] if version else []
    asked = set(row.get("fields") or ())
    filters = row.get("filters") or {}
    entry = {
        "dataset": dataset,
        "fields": [name for name in known if name in asked],
        "filters": filters,
        "justification": str(row.get("justification") or "").strip(),
    }
    if asked - set(known):
        return entry, _("The dataset has no such field.")
    if not isinstance(filters, dict) or not all(
        name in known
        and isinstance(values, list)
        and 0 < len(values) <= FILTER_VALUES_MAX
        and all(isinstance(value, str) for value in values)
        for name, values in filters.items()
    ):
        return entry, _("A filter names a field of the dataset and the values wanted.")
    return entry, None
