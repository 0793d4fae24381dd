"""The template library: templates and clauses, what changed, and where they are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as now

from contracts import labels
from contracts.clauses import library, variables
from contracts.clauses.language import Paragraph, load_paragraphs, names_in
from contracts.models import Agreement, BaseTemplate, ClauseVersion
from contracts.models.template import ContractForm, Procedure
from contracts.preview import paragraph_pieces
from contracts.queries.rows import ChangeRow, TermRow
from contracts.queries.templates import clauses_in_force
from contracts.queries.termrows import change_rows, term_rows
from contracts.terms import Terms, parse
from core.errors import NotFound
from core.word_diff import Piece, words
from parties.queries import has_role
from workflow import policy, transitions
from workflow.transitions import Offer

SEE_TEMPLATE, SEE_CLAUSE = "contracts.see_basetemplate", "contracts.see_clauseversion"
ROWS_MAX, VERSIONS_MAX = 500, 20
DRAFTERS = ("AUTHORITY_CASE", "AUTHORITY_DECIDER")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a template or a clause in a list."""

    id: UUID
    version: int
    state: str
    state_name: str
    published_by: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The newest version of one template; ``agreements`` counts those of every version."""

    version: VersionRow
    title: str
    kind_name: str
    form_name: str
    clauses: int
    agreements: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """The newest version of one clause, and how many templates in force have it."""

    version: VersionRow
    code: str
    title: str
    term_name: str
    forms: tuple[str, ...]
    legal_basis: str
    templates: int


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """Everything the page of the library lists."""

    templates: tuple[TemplateRow, ...]
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """One version of a template: clauses in order, terms, and what changed since the last one."""

    row: TemplateRow
    legal_basis: str
    drafted_by: str
    clauses: tuple[ClauseRow, ...]
    terms: tuple[TermRow, ...]
    changes: tuple[ChangeRow, ...]
    clause_changes: tuple[tuple[str, str], ...]
    versions: tuple[VersionRow, ...]
    offers: tuple[Offer, ...]
    agreements: int


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """One paragraph: how it differs from the version before, and when it appears."""

    pieces: tuple[Piece, ...]
    when: str
    each: str


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One version of a clause, word by word beside the version before it."""

    row: ClauseRow
    note: str
    drafted_by: str
    procedures: tuple[str, ...]
    paragraphs: tuple[ParagraphRow, ...]
    basis: tuple[Piece, ...]
    before: int | None
    variables: tuple[tuple[str, str], ...]
    templates: tuple[TemplateRow, ...]
    agreements: int
    versions: tuple[VersionRow, ...]
    offers: tuple[Offer, ...]
    may_draft: bool


@dataclass(frozen=True, slots=True)
class ClauseEditor:
    """What the form for the next version of a clause begins with, and the names it may use."""

    code: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    forms: tuple[str, ...]
    procedures: tuple[str, ...]
    legal_basis: str
    names: tuple[tuple[str, str], ...]


def library_page(*, actor: Any) -> LibraryPage:
    """Return the newest version of every template and clause an actor may see."""
    templates = _newest_templates(actor)
    return LibraryPage(_template_rows(templates), _clause_rows(_newest_clauses(actor)))


def template_page(*, template_id: UUID, actor: Any) -> TemplatePage:
    """
    Return one version of a template beside the version before it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _seen(BaseTemplate, SEE_TEMPLATE, template_id, actor)
    same = BaseTemplate.objects.filter(kind=row.kind, form=row.form)
    before = same.filter(version__lt=row.version).order_by("-version").first()
    codes = row.clauses or list(library.order_of(row.form))
    found = clauses_in_force(codes=codes)
    terms = parse(row.terms, schema=row.schema)
    earlier = parse(before.terms, schema=before.schema) if before else Terms()
    old_codes = before.clauses if before else codes
    return TemplatePage(
        row=_template_rows([row])[0],
        legal_basis=row.legal_basis,
        drafted_by=row.drafted_by.full_name,
        clauses=_clause_rows([found[code] for code in codes if code in found]),
        terms=term_rows(
            terms=terms, template=earlier, sources={}, locked=row.locked, only_stated=True
        ),
        changes=change_rows(before=earlier, after=terms) if before else (),
        clause_changes=tuple(
            [("added", code) for code in codes if code not in old_codes]
            + [("removed", code) for code in old_codes if code not in codes]
        ),
        versions=_versions(same),
        offers=transitions.offers(row, actor=actor),
        agreements=Agreement.objects.filter(base_template=row).count(),
    )


def clause_page(*, clause_id: UUID, actor: Any) -> ClausePage:
    """
    Return one version of a clause, word by word beside the version before it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = _seen(ClauseVersion, SEE_CLAUSE, clause_id, actor)
    same = ClauseVersion.objects.filter(code=row.code)
    before = same.filter(version__lt=row.version).order_by("-version").first()
    newest = same.order_by("-version").first()
    using = [t for t in _in_force() if row.code in (t.clauses or library.order_of(t.form))]
    return ClausePage(
        row=_clause_rows([row])[0],
        note=row.note,
        drafted_by=row.drafted_by.full_name,
        procedures=tuple(str(Procedure(one).label) for one in row.procedures),
        paragraphs=_paragraphs(row, before),
        basis=words(old=before.legal_basis if before else row.legal_basis, new=row.legal_basis),
        before=before.version if before else None,
        variables=_variables(load_paragraphs(row.paragraphs)),
        templates=_template_rows(using),
        agreements=Agreement.objects.filter(
            clause_versions__contains={row.code: row.version}
        ).count(),
        versions=_versions(same),
        offers=transitions.offers(row, actor=actor),
        may_draft=_drafts(actor) and newest is not None and newest.state != "DRAFT",
    )


def clause_editor(*, clause_id: UUID, actor: Any) -> ClauseEditor:
    """
    Return what the next version of a clause begins with.

    :raises NotFound: there is none, or the actor may not draft clauses.
    """
    row = _seen(ClauseVersion, SEE_CLAUSE, clause_id, actor)
    if not _drafts(actor):
        raise NotFound
    own = sorted(path for path in variables.entry_paths() if path.split(".")[0] == row.term)
    passages = [(name, title) for name, (title, _word) in variables.PASSAGES.items()]
    near = [one for one in passages if one[0].split(".")[0] in (row.term, one[0])]
    entries = [(path, labels.entry_text(path)) for path in own if path not in variables.PASSAGES]
    return ClauseEditor(
        code=row.code,
        title=row.title,
        paragraphs=load_paragraphs(row.paragraphs),
        forms=tuple(row.forms),
        procedures=tuple(row.procedures),
        legal_basis=row.legal_basis,
        names=(*near, *entries),
    )


def _drafts(actor: Any) -> bool:
    return any(has_role(actor, role) for role in DRAFTERS)


def _seen(model: Any, permission: str, subject_id: UUID, actor: Any) -> Any:
    row = (
        policy.visible(actor, permission, model)
        .select_related("drafted_by", "published_by")
        .filter(id=subject_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _newest_templates(actor: Any) -> list[BaseTemplate]:
    rows = policy.visible(actor, SEE_TEMPLATE, BaseTemplate).select_related("published_by")
    newest: dict[tuple[str, str], BaseTemplate] = {}
    for row in rows.order_by("kind", "form", "-version")[:ROWS_MAX]:
        newest.setdefault((row.kind, row.form), row)
    return list(newest.values())


def _in_force() -> list[BaseTemplate]:
    rows = BaseTemplate.objects.filter(state="PUBLISHED").select_related("published_by")
    newest: dict[tuple[str, str], BaseTemplate] = {}
    for row in rows.order_by("kind", "form", "-version")[:ROWS_MAX]:
        newest.setdefault((row.kind, row.form), row)
    return list(newest.values())


def _newest_clauses(actor: Any) -> list[ClauseVersion]:
    rows = policy.visible(actor, SEE_CLAUSE, ClauseVersion).select_related("published_by")
    newest: dict[str, ClauseVersion] = {}
    for row in rows.order_by("code", "-version")[:ROWS_MAX]:
        newest.setdefault(row.code, row)
    order = list(library.FIRST)
    known = {code: place for place, code in enumerate(order)}
    return sorted(newest.values(), key=lambda row: (known.get(row.code, len(order)), row.code))


def _template_rows(rows: list[BaseTemplate]) -> tuple[TemplateRow, ...]:
    counted = {
        (one["base_template__kind"], one["base_template__form"]): one["n"]
        for one in Agreement.objects.values("base_template__kind", "base_template__form")
        .annotate(n=Count("id"))
        .order_by("base_template__kind", "base_template__form")
    }
    return tuple(
        TemplateRow(
            version=_version(row),
            title=row.title,
            kind_name=str(row.get_kind_display()),
            form_name=str(row.get_form_display()),
            clauses=len(row.clauses or library.order_of(row.form)),
            agreements=counted.get((row.kind, row.form), 0),
        )
        for row in rows
    )


def _clause_rows(rows: list[ClauseVersion]) -> tuple[ClauseRow, ...]:
    used: dict[str, int] = {}
    for template in _in_force():
        for code in template.clauses or library.order_of(template.form):
            used[code] = used.get(code, 0) + 1
    return tuple(
        ClauseRow(
            version=_version(row),
            code=row.code,
            title=row.title,
            term_name=str(labels.TERMS.get(row.term, "")),
            forms=tuple(str(ContractForm(one).label) for one in row.forms),
            legal_basis=row.legal_basis,
            templates=used.get(row.code, 0),
        )
        for row in rows
    )


def _versions(rows: Any) -> tuple[VersionRow, ...]:
    found = rows.select_related("published_by").order_by("-version")[:VERSIONS_MAX]
    return tuple(_version(row) for row in found)


def _version(row: BaseTemplate | ClauseVersion) -> VersionRow:
    return VersionRow(
        id=row.pk,
        version=row.version,
        state=row.state,
        state_name=str(row.get_state_display()),
        published_by=row.published_by.full_name if row.published_by else "",
        published_at=row.published_at,
    )


def _paragraphs(row: ClauseVersion, before: ClauseVersion | None) -> tuple[ParagraphRow, ...]:
    new = load_paragraphs(row.paragraphs)
    old = load_paragraphs(before.paragraphs) if before else new
    pieces = paragraph_pieces([one.text for one in old], [one.text for one in new])
    if len(pieces) != len(new):
        # Paragraphs came or went: they are shown as one text.
        return (ParagraphRow(pieces[0], "", ""),)
    return tuple(
        ParagraphRow(shown, _condition(one.when), one.each)
        for shown, one in zip(pieces, new, strict=True)
    )


def _condition(text: str) -> str:
    """Say a condition so that an official can read it."""
    if not text:
        return ""
    parts = []
    for part in text.split("&"):
        name, _equal, value = part.strip().removeprefix("!").partition("=")
        shown = f"{_name(name)}={labels.word(value)}" if value else _name(name)
        parts.append(now("not: %(name)s") % {"name": shown} if part.startswith("!") else shown)
    return now(", ").join(parts)


def _variables(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _name(name)) for name in sorted(names_in(paragraphs)))


def _name(path: str) -> str:
    if path in variables.PASSAGES:
        return variables.PASSAGES[path][0]
    return labels.path_text(path) if path.split(".", maxsplit=1)[0] in labels.TERMS else path
