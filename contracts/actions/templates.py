"""Versions of base templates: drafted by one person, published by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts import defaults
from contracts.actions.access import ask
from contracts.actions.clauses import install_clauses
from contracts.clauses import library
from contracts.clauses.facts import TITLE
from contracts.invariants import ask_rules
from contracts.models import (
    BaseTemplate,
    BaseTemplateGroupPermission,
    ClauseVersion,
    ClauseVersionGroupPermission,
)
from contracts.models.template import ContractForm, Procedure
from contracts.queries.templates import clauses_in_force
from contracts.shapes import SCHEMA_VERSION
from contracts.terms import TERM_NAMES, dump, parse
from core.errors import Forbidden, InvalidInput, NotFound
from parties.models import Organization
from parties.queries import has_role
from workflow import policy, transitions

P1, PROVISION = "P1", str(ContractForm.PROVISION)
TEMPLATE_DRAFTERS = ("AUTHORITY_CASE", "AUTHORITY_DECIDER")


@transitions.action
def draft_base_template(
    *,
    kind: str,
    terms: Mapping[str, Any],
    locked: Sequence[str],
    actor: Any,
    at: datetime,
    form: str = PROVISION,
    clauses: Sequence[str] = (),
    legal_basis: str = "",
) -> BaseTemplate:
    """
    Store the next version of a base template as a draft.

    ``clauses`` are codes of the library in the order of the text; none takes the order of the form.

    :raises TermsInvalid: an entry is unknown or its value of the wrong kind.
    :raises RuleBroken: the terms break a rule among themselves.
    :raises InvalidInput: a locked name is no term, or the clauses do not fit the form.
    :raises Forbidden: the actor has no desk at the authority for it.
    """
    if not any(has_role(actor, role) for role in TEMPLATE_DRAFTERS):
        raise Forbidden
    wanted = Wanted(
        kind=kind, form=form, terms=terms, locked=locked, clauses=clauses, legal_basis=legal_basis
    )
    return _draft_template(wanted, actor=actor, at=at)


@transitions.action
def publish_base_template(*, template_id: UUID, actor: Any, at: datetime) -> BaseTemplate:
    """
    Put a drafted base template in force for agreements drafted from now on.

    :raises Forbidden: the actor drafted it.
    :raises NotAllowedNow: it is published already.
    """
    found = BaseTemplate.objects.select_for_update(of=("self",), no_key=True)
    template = found.filter(id=template_id).first()
    if template is None or not policy.holds(actor, "contracts.see_basetemplate", template):
        raise NotFound
    ask(template, "publish", actor=actor, at=at)
    return transitions.perform(template, "publish", actor=actor, at=at, publisher=actor)


@transitions.action
def install_base_template(*, actor: Any, at: datetime) -> BaseTemplate | None:
    """
    Install the clause library and the first base templates as published.

    For the system: there is nobody yet who could draft them. Returns the template of conditional
    opening, None when it was there.
    """
    install_clauses(actor=actor, at=at)
    installed = None
    for first in defaults.TEMPLATES:
        if BaseTemplate.objects.filter(kind=first.kind, form=first.form).exists():
            continue
        template = _draft_template(
            Wanted(
                kind=first.kind, form=first.form, terms=first.terms, locked=first.locked,
                title=first.title, roles=first.roles, legal_basis=first.legal_basis,
            ),
            actor=actor,
            at=at,
        )  # fmt: skip
        transitions.perform(template, "publish", actor=actor, at=at, publisher=actor)
        installed = template if (first.kind, first.form) == (P1, PROVISION) else installed
    _show_to_authority()
    return installed


def _show_to_authority() -> None:
    """Give the authority what was installed before there was one."""
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    if authority is None:
        return
    shown: tuple[tuple[Any, Any], ...] = (
        (BaseTemplate, BaseTemplateGroupPermission),
        (ClauseVersion, ClauseVersionGroupPermission),
    )
    for model, rights in shown:
        for row in model.objects.exclude(id__in=rights.objects.values("content_object_id")):
            policy.grant(row, authority=authority)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a draft of a base template is to say."""

    kind: str
    form: str
    terms: Mapping[str, Any]
    locked: Sequence[str]
    title: str = ""
    roles: tuple[str, str] | None = None
    clauses: Sequence[str] = ()
    legal_basis: str = ""


def _draft_template(wanted: Wanted, *, actor: Any, at: datetime) -> BaseTemplate:
    unknown = sorted(set(wanted.locked) - set(TERM_NAMES))
    if unknown:
        raise InvalidInput(_("There is no term %(names)s."), names=", ".join(unknown))
    if wanted.kind not in Procedure.values or wanted.form not in ContractForm.values:
        raise InvalidInput(_("Choose a procedure and a form of contract."))
    stated = parse(wanted.terms)
    ask_rules(stated, procedure=wanted.kind)
    clauses = list(wanted.clauses or library.order_of(wanted.form))
    _ask_clauses(clauses, kind=wanted.kind, form=wanted.form)
    before = (
        BaseTemplate.objects.filter(kind=wanted.kind, form=wanted.form).order_by("-version").first()
    )
    heads = {"title": wanted.title or (before.title if before else TITLE)}
    if wanted.roles or before:
        named = wanted.roles or (before.provider_role, before.licensee_role)  # type: ignore[union-attr]
        heads |= {"provider_role": named[0], "licensee_role": named[1]}
    template = BaseTemplate(
        kind=wanted.kind,
        form=wanted.form,
        version=(before.version if before else 0) + 1,
        terms=dump(stated),
        schema=SCHEMA_VERSION,
        locked=sorted(set(wanted.locked)),
        clauses=clauses,
        legal_basis=wanted.legal_basis or (before.legal_basis if before else ""),
        drafted_by=actor,
        created_at=at,
        **heads,
    )
    authority = Organization.objects.filter(kind=Organization.Kind.AUTHORITY).first()
    return transitions.create(template, actor=actor, at=at, authority=authority)


def _ask_clauses(codes: Sequence[str], *, kind: str, form: str) -> None:
    """Ask that a text words every term once, by clauses that may stand in this form."""
    found = clauses_in_force(codes=codes)
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise InvalidInput(
            _("No version of these clauses is in force: %(names)s."), names=", ".join(unknown)
        )
    unfit = [c for c in codes if form not in found[c].forms or kind not in found[c].procedures]
    if unfit:
        raise InvalidInput(
            _("These clauses are not for this form and procedure: %(names)s."),
            names=", ".join(unfit),
        )
    worded = sorted(found[code].term for code in codes if found[code].term)
    if worded != sorted(TERM_NAMES) or len(set(codes)) != len(codes):
        raise InvalidInput(_("The text words each term exactly once."))
