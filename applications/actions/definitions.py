"""Versions of the form: one person drafts, another one publishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import definition, form_shape
from applications import form_editing as editing
from applications.actions.access import ask
from applications.errors import FormChanged
from applications.models import FormDefinition
from catalog.models import Dataset
from core import clock
from core.errors import Conflict, InvalidInput, NotFound
from parties import queries as parties
from parties.roles import Kind, Role
from workflow import policy, rows, transitions


@transitions.action
def draft_form(*, actor: Any, at: datetime, dataset_code: str = "") -> FormDefinition:
    """
    Begin the next version of the general form or of a dataset's part, from the last published.

    :raises Forbidden: the actor is no case officer of the authority.
    :raises NotFound: there is no such dataset.
    :raises Conflict: a version is being drafted already.
    """
    authority = parties.organization_for(actor, Role.AUTHORITY_CASE)
    dataset = None
    if dataset_code:
        # The dataset is the lock of its versions, the first version that of the general ones.
        dataset = Dataset.objects.select_for_update(of=("self",), no_key=True).filter(
            code=dataset_code
        ).first()
        if dataset is None:
            raise NotFound
    else:
        FormDefinition.objects.select_for_update(of=("self",)).filter(
            dataset=None, version=1
        ).first()
    versions = FormDefinition.objects.filter(dataset=dataset)
    if versions.filter(state=FormDefinition.State.DRAFT).exists():
        raise Conflict(_("A version of this form is being drafted already. Go on with that one."))
    last = versions.filter(state=FormDefinition.State.PUBLISHED).order_by("-version").first()
    number = versions.aggregate(last=Max("version"))["last"] or 0
    draft = FormDefinition(
        dataset=dataset,
        version=number + 1,
        content=last.content if last else {"sections": []},
        legal_basis=last.legal_basis if last else str(parties.the(Kind.AUTHORITY).name) + "规定",
        edited_by=actor,
        edited_at=at,
    )
    return transitions.create(draft, actor=actor, at=at, authority=authority)


@transitions.action
def edit_form(
    *,
    definition_id: UUID,
    content: Mapping[str, Any],
    legal_basis: str,
    actor: Any,
    at: datetime,
    revision: str | None = None,
) -> FormDefinition:
    """
    Store what a draft version asks; it may be unsound until it is published.

    ``revision`` is the fingerprint of the text that the actor had on screen, None to overwrite.

    :raises FormChanged: the stored text is another one.
    :raises InvalidInput: no legal basis, or what no definition can hold; ``fields`` is by path.
    """
    draft = _locked(definition_id, actor)
    ask(draft, "edit", actor=actor, at=at)
    _compare(draft, revision)
    problems: definition.Problems = dict(form_shape.find_misfits(content))
    if not legal_basis.strip():
        problems["legal_basis"] = _("State the legal basis.")
    elif len(legal_basis.strip()) > form_shape.BASIS_CHARACTERS_MAX:
        problems["legal_basis"] = _("Shorten this text.")
    if problems:
        raise InvalidInput(fields=problems)
    return transitions.perform(
        draft,
        "edit",
        actor=actor,
        at=at,
        content=dict(content),
        legal_basis=legal_basis.strip(),
        by=actor,
    )


@transitions.action
def import_form(
    *, definition_id: UUID, document: bytes, revision: str, actor: Any, at: datetime
) -> FormDefinition:
    """
    Replace what a draft version asks by an exported document.

    :raises FormChanged: the stored text is not the one the actor had on screen.
    :raises InvalidInput: no such document; ``fields`` is by path.
    """
    ask(_locked(definition_id, actor), "edit", actor=actor, at=at)
    read = form_shape.read_document(document)
    return edit_form(
        definition_id=definition_id,
        content={"sections": read["sections"]},
        legal_basis=read["legal_basis"],
        revision=revision,
        actor=actor,
        at=at,
    )


@transitions.action
def publish_form(
    *,
    definition_id: UUID,
    effective_on: date,
    actor: Any,
    at: datetime,
    revision: str | None = None,
) -> FormDefinition:
    """
    Publish a drafted version from a day on; cases that have begun keep theirs.

    ``revision`` is the fingerprint of the text that the actor read, None for whatever it says.

    :raises FormChanged: the text is not the one the actor read.

    :raises Forbidden: the actor was the last to edit it.
    :raises InvalidInput: the version is unsound, or would have come into force before today.
    """
    draft = _locked(definition_id, actor)
    ask(draft, "publish", actor=actor, at=at)
    _compare(draft, revision)
    problems = definition.find_problems(content=draft.content, general=draft.dataset_id is None)
    if effective_on < clock.local_date(at):
        problems["effective_on"] = _("A version comes into force on the day or later.")
    if problems:
        raise InvalidInput(fields=problems)
    return transitions.perform(
        draft, "publish", actor=actor, at=at, effective_on=effective_on, by=actor
    )


@transitions.action
def discard_form(*, definition_id: UUID, actor: Any, at: datetime) -> FormDefinition:
    """Give a drafted version up; its number is not used again."""
    return transitions.perform(_locked(definition_id, actor), "discard", actor=actor, at=at)


def _compare(draft: FormDefinition, revision: str | None) -> None:
    stored = editing.fingerprint(content=draft.content, legal_basis=draft.legal_basis)
    if revision is not None and revision != stored:
        raise FormChanged(
            who=draft.edited_by.full_name if draft.edited_by else "",
            when=f"{timezone.localtime(draft.edited_at):%Y-%m-%d %H:%M}",
        )


def _locked(definition_id: UUID, actor: Any) -> FormDefinition:
    found = rows.lock(FormDefinition, definition_id)
    if found is None or not policy.holds(actor, "applications.see_formdefinition", found):
        raise NotFound
    return found
