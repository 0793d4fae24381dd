"""Writing the application: it may be unfinished in any way until it is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from applications import answers as rules
from applications import form
from applications.actions.access import ask_right, ask_state, lock_application
from applications.actions.child_rules import ask_same_scenario
from applications.actions.items import ask_one_case, choose_forms, clean_items
from applications.actions.merged import merged_changes, merged_items
from applications.errors import SectionLocked
from applications.models import Application, ApplicationItem, CorrectionNotice
from applications.queries import draft_changed
from applications.queries.forms import (
    bound_of,
    form_of,
    general_in_force,
    sections_of_case,
)
from applications.states import EDITABLE, ApplicationState
from core.errors import InvalidInput
from parties import queries as parties
from parties.errors import NotVerified
from parties.models import Organization
from parties.roles import Kind, Role
from workflow import audit, transitions

ITEM_ENTRIES = ("dataset", "fields", "filters", "justification", "form")


@transitions.action
def start_application(
    *,
    actor: Any,
    at: datetime,
    scenario_name: str = "",
    items: Sequence[Mapping[str, Any]] | None = None,
    **changes: Any,
) -> Application:
    """
    Begin a draft for the organization whose agent the actor is.

    ``changes`` are entries of the form as ``edit_application`` takes them, ``items`` the datasets
    as ``set_items`` takes them; a draft begun without ``items`` gets them later.

    :raises Forbidden: the actor is nobody's agent.
    :raises CannotShareCase: the datasets need more than one application; it says which go together.
    :raises NotVerified: the organization has no valid verification.
    :raises InvalidInput: an entry that the form cannot hold.
    """
    applicant = parties.organization_for(actor, Role.APPLICANT_AGENT)
    cleaned = form.clean_changes(changes={"scenario_name": scenario_name, **changes})
    if items is None:
        return store_draft(applicant=applicant, actor=actor, at=at, **cleaned)
    if not items:
        raise InvalidInput(fields={"items": _("Choose at least one dataset.")})
    wanted = clean_items(list(items))
    asked = choose_forms(wanted, at=at)
    ask_one_case(asked, general=general_in_force(at=at))
    draft = store_draft(applicant=applicant, actor=actor, at=at, **cleaned)
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=draft, **entry) for entry in asked
    )
    return draft


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
        form=general_in_force(at=at),
        **content,
    )
    return transitions.create(draft, actor=actor, at=at, applicant=applicant)


@transitions.action
def edit_application(
    *,
    application_id: UUID,
    changes: Mapping[str, Any],
    actor: Any,
    at: datetime,
    revision: int | None = None,
    base: Mapping[str, str] | None = None,
) -> Application:
    """
    Store changed entries of a draft or of a returned section.

    Anything may be left empty or wrong; completeness is asked for at submission. ``answers`` maps
    keys of the form definition to answers; those not named stay. ``revision`` is what the actor
    had on screen; ``base`` the marks of its entries (``merging.marks``): with them, what others
    stored since is merged.

    :raises DraftChanged: somebody stored another revision since, and it cannot be merged.
    :raises InvalidInput: an unknown entry, or a value it cannot hold.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = editable_application(
        application_id, actor, revision=revision if base is None else None
    )
    if base is not None and revision is not None and revision != application.revision:
        changes = merged_changes(application, changes, base=base, since=revision)
    answers = changes.get("answers")
    cleaned = form.clean_changes(changes={k: v for k, v in changes.items() if k != "answers"})
    ask_same_scenario(application, cleaned)
    asked = {_section_of(name) for name in cleaned}
    merged = form_of(application)
    if answers is not None:
        asked |= _sections_of_answers(merged, answers)
    ask_sections(application, asked)
    changed = [name for name, value in cleaned.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, cleaned[name])
    changed += _take_answers(application, merged, answers or {})
    if changed:
        store_change(application, actor=actor, at=at, changed=changed)
    return application


@transitions.action
def set_items(
    *,
    application_id: UUID,
    items: Iterable[Mapping[str, Any]],
    actor: Any,
    at: datetime,
    revision: int | None = None,
    base: Mapping[str, str] | None = None,
) -> Application:
    """
    Replace the requested datasets of a draft.

    Each item is {"code", "fields", "filters", "justification"}; ``filters`` maps a field to the
    values whose rows are wanted. ``revision`` and ``base`` (marks by dataset) as above.

    :raises InvalidInput: a dataset that is not open under conditions, twice the same, a field or
        filter it does not have. ``fields`` is keyed by the dataset code.
    :raises CannotShareCase: the datasets need more than one application; it says which go together.
    :raises DraftChanged: somebody stored another revision since, and it cannot be merged.
    :raises SectionLocked: a correction did not return this section.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = editable_application(
        application_id, actor, revision=revision if base is None else None
    )
    if base is not None and revision is not None and revision != application.revision:
        items = merged_items(application, items, base=base, since=revision)
    ask_sections(application, {"datasets"})
    kept = {item.dataset.code: item for item in application.items.select_related("dataset", "form")}
    wanted = choose_forms(clean_items(list(items), kept=set(kept)), at=at, kept=kept)
    ask_one_case(wanted, general=application.form)
    if _are_there(wanted, kept):
        return application
    application.items.all().delete()
    ApplicationItem.objects.bulk_create(
        ApplicationItem(application=application, **entry) for entry in wanted
    )
    # Answers to the part of a dataset that is no longer asked for go with it.
    changed = _take_answers(application, form_of(application), {})
    store_change(application, actor=actor, at=at, changed=["items", *changed])
    return application


def _are_there(
    wanted: Sequence[Mapping[str, Any]], kept: Mapping[str, ApplicationItem]
) -> bool:
    """Return whether these datasets are stored as they are: then no signature is voided."""
    return {entry["dataset"].code: entry for entry in wanted} == {
        code: {name: getattr(item, name) for name in ITEM_ENTRIES} for code, item in kept.items()
    }


@transitions.action
def sign_commitments(
    *,
    application_id: UUID,
    codes: Iterable[str],
    actor: Any,
    at: datetime,
    revision: int | None = None,
) -> Application:
    """
    Record which commitments the actor signs for the applicant.

    :raises InvalidInput: an unknown commitment.
    :raises SectionLocked: a correction did not return this section.
    """
    application = editable_application(application_id, actor, revision=revision)
    if application.commitments.get("signer"):
        # A signature that a change has voided is given again, returned or not.
        ask_sections(application, {"commitments"})
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
    store_change(application, actor=actor, at=at, changed=["commitments"])
    return application


def editable_application(
    application_id: UUID, actor: Any, *, revision: int | None = None
) -> Application:
    """
    Lock an application that the actor may write on now.

    :raises DraftChanged: somebody stored another revision than the actor had on screen.
    :raises NotAllowedNow: the application cannot be edited in its state.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, "applications.edit_application", actor=actor)
    ask_state(application, *EDITABLE)
    if revision is not None and revision != application.revision:
        raise draft_changed(application, since=revision)
    return application


def _section_of(name: str) -> str:
    return next(s for s, names in form.SECTION_FIELDS.items() if name in names)


def ask_sections(application: Application, sections: set[str]) -> None:
    """
    Ask that a returned case may be changed in these sections.

    :raises SectionLocked: a correction did not return one of them.
    """
    if application.state != ApplicationState.CORRECTION_REQUESTED:
        return
    notice = CorrectionNotice.objects.get(
        application=application, submission_round=application.submission_round
    )
    returned = {defect["section"] for defect in notice.defects}
    if "answers" in returned:
        returned |= set(sections_of_case(application)) - set(form.SECTIONS)
    locked = sections - returned
    if locked:
        raise SectionLocked(fields={s: _("This section was not returned.") for s in locked})


def drop_unasked(draft: Application) -> None:
    """Drop from a new draft the answers that its own version of the form does not ask for."""
    if _take_answers(draft, form_of(draft), {}):
        draft.save()


def _sections_of_answers(merged: Mapping[str, Any], answers: Mapping[str, Any]) -> set[str]:
    return {
        section["key"]
        for section in merged["sections"]
        if any(field["key"] in answers for field in section["fields"])
    }


def _take_answers(
    application: Application, merged: Mapping[str, Any], changes: Mapping[str, Any]
) -> list[str]:
    before = application.answers
    if not before and not changes:
        return []
    application.answers = rules.clean(
        form=merged, stored=before, changes=changes, bound=bound_of(application)
    )
    keys = {*before, *application.answers}
    return [
        f"answers.{key}"
        for key in sorted(keys)
        if before.get(key) != application.answers.get(key)
    ]


def store_change(
    application: Application, *, actor: Any, at: datetime, changed: list[str]
) -> None:
    """Store a changed draft as its next revision; what was signed is void."""
    application.updated_at = at
    application.revision += 1
    if changed != ["commitments"]:
        # What was signed is not what stands there now.
        application.commitments = {}
    application.save()
    facts = {"changed": sorted(changed), "revision": application.revision}
    audit.record(application, "edit", actor=actor, at=at, facts=facts)
