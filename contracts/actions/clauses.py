"""The clause library: drafted by one person, published by another. Source: B27."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from contracts.actions.access import ask
from contracts.clauses import library, variables
from contracts.clauses.first import First
from contracts.clauses.language import (
    ClauseInvalid,
    Paragraph,
    dump_paragraphs,
    load_paragraphs,
    problems_of,
)
from contracts.errors import DraftOpen, NothingChanged
from contracts.models import ClauseVersion
from contracts.models.template import ContractForm, Procedure
from core.errors import Forbidden, InvalidInput, NotFound
from parties.models import Organization
from parties.queries import has_role
from workflow import policy, transitions

DRAFTERS = ("AUTHORITY_CASE", "AUTHORITY_DECIDER")
LEGAL_BASIS_CHARACTERS_MAX = 500


@transitions.action
def draft_clause(
    *,
    code: str,
    title: str,
    paragraphs: Sequence[Mapping[str, str]],
    forms: Sequence[str],
    procedures: Sequence[str],
    legal_basis: str,
    note: str,
    actor: Any,
    at: datetime,
) -> ClauseVersion:
    """
    Store the next version of a clause of the library as a draft.

    The term a clause words stays what it is; agreements that exist keep the version they have.

    :raises ClauseInvalid: the wording cannot be rendered; every mistake is named.
    :raises InvalidInput: title, legal basis or applicability is missing.
    :raises NothingChanged: it says what the version in force says.
    :raises DraftOpen: another draft of the clause waits for publication.
    :raises NotFound: there is no clause of this code.
    :raises Forbidden: the actor has no desk at the authority for it.
    """
    if not any(has_role(actor, role) for role in DRAFTERS):
        raise Forbidden
    # The first version is the lock: two drafters queue here, and read what the other one wrote.
    versions = ClauseVersion.objects.filter(code=code)
    lock = versions.select_for_update(of=("self",), no_key=True).filter(version=1)
    if lock.first() is None:
        raise NotFound
    newest = versions.order_by("-version")[0]
    if newest.state == ClauseVersion.State.DRAFT:
        raise DraftOpen
    written = _asked_paragraphs(paragraphs)
    _ask_heads(title, legal_basis, forms, procedures)
    new = ClauseVersion(
        code=code,
        version=newest.version + 1,
        title=title.strip(),
        term=newest.term,
        paragraphs=dump_paragraphs(written),
        forms=sorted(set(forms)),
        procedures=sorted(set(procedures)),
        legal_basis=legal_basis.strip(),
        note=note.strip(),
        drafted_by=actor,
        created_at=at,
    )
    if all(getattr(new, name) == getattr(newest, name) for name in _COMPARED):
        raise NothingChanged
    return _create(new, actor=actor, at=at)


@transitions.action
def publish_clause(*, clause_id: UUID, actor: Any, at: datetime) -> ClauseVersion:
    """
    Put a drafted version of a clause in force for agreements drafted from now on.

    :raises Forbidden: the actor drafted it.
    :raises NotAllowedNow: it is published already.
    """
    found = ClauseVersion.objects.select_for_update(of=("self",), no_key=True)
    clause = found.filter(id=clause_id).first()
    if clause is None or not policy.holds(actor, "contracts.see_clauseversion", clause):
        raise NotFound
    ask(clause, "publish", actor=actor, at=at)
    return transitions.perform(clause, "publish", actor=actor, at=at, publisher=actor)


@transitions.action
def install_clauses(*, actor: Any, at: datetime) -> tuple[str, ...]:
    """
    Install the first version of every clause that is missing, as published.

    Returns the codes that were installed; a second run returns none.
    """
    there = set(ClauseVersion.objects.values_list("code", flat=True))
    missing = [first for code, first in library.FIRST.items() if code not in there]
    for first in missing:
        clause = _create(_first(first, actor=actor, at=at), actor=actor, at=at)
        transitions.perform(clause, "publish", actor=actor, at=at, publisher=actor)
    return tuple(first.code for first in missing)


_COMPARED = ("title", "paragraphs", "forms", "procedures", "legal_basis")


def _first(first: First, *, actor: Any, at: datetime) -> ClauseVersion:
    return ClauseVersion(
        code=first.code,
        version=1,
        title=first.title,
        term=first.term,
        paragraphs=dump_paragraphs(first.paragraphs),
        forms=sorted(first.forms),
        procedures=sorted(Procedure.values),
        legal_basis=first.legal_basis,
        drafted_by=actor,
        created_at=at,
    )


def _create(clause: ClauseVersion, *, actor: Any, at: datetime) -> ClauseVersion:
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    facts = {"code": clause.code, "version": clause.version}
    return transitions.create(clause, actor=actor, at=at, facts=facts, authority=authority)


def _asked_paragraphs(paragraphs: Sequence[Mapping[str, str]]) -> tuple[Paragraph, ...]:
    try:
        written = load_paragraphs(paragraphs)
    except TypeError as error:
        raise ClauseInvalid(problems=_("a paragraph has a text, a condition and a list")) from error
    names = {*variables.entry_paths(), *variables.PASSAGES}
    problems = problems_of(written, words=names, lists=variables.LISTS)
    if problems:
        raise ClauseInvalid(problems="；".join(problems))
    return written


def _ask_heads(
    title: str, legal_basis: str, forms: Sequence[str], procedures: Sequence[str]
) -> None:
    problems: dict[str, Any] = {}
    if not 0 < len(title.strip()) <= 60:
        problems["title"] = _("Enter a title of at most 60 characters.")
    if not 0 < len(legal_basis.strip()) <= LEGAL_BASIS_CHARACTERS_MAX:
        problems["legal_basis"] = _("State the legal basis in at most 500 characters.")
    if not forms or set(forms) - set(ContractForm.values):
        problems["forms"] = _("Choose at least one form of contract.")
    if not procedures or set(procedures) - set(Procedure.values):
        problems["procedures"] = _("Choose at least one procedure.")
    if problems:
        raise InvalidInput(fields=problems)


def next_version(model: Any, **of: Any) -> int:
    """Return the number after the highest version there is."""
    newest = model.objects.filter(**of).aggregate(newest=Max("version"))["newest"]
    return int(newest or 0) + 1


