"""
The terms of an agreement as data, and how several statements become one. Pure.

``strictest`` folds statements into the loosest terms that satisfy all of them; ``merge`` does the
same and remembers, entry by entry, which statement decided. Source: domain §3.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from contracts import checks, labels, shapes, versions
from contracts.lattice import NESTED, NoMeet, clashes, leaves, looser_paths, meet_models
from contracts.shapes import FREE_PURPOSES, MODES, DatasetScope, QuotaLimit, Shape
from core import hashing
from core.errors import Conflict, InvalidInput


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One entry no single value can satisfy, and what each statement says of it."""

    path: str
    stated: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        words = "; ".join(
            f"{labels.source_text(source)}: {labels.value_text(self.path, value)}"
            if source
            else labels.value_text(self.path, value)
            for source, value in self.stated
        )
        return f"{labels.path_text(self.path)} ({words})"


class TermConflict(Conflict):
    """
    Statements that no single terms can satisfy.

    ``conflicts`` names every entry in dispute and who says what of it; ``term`` and ``path`` are
    those of the first one.
    """

    code = "term_conflict"
    default_message = _(
        "These terms are stated in ways that exclude each other: %(conflicts)s."
        " Settle it between the parties before the agreement is drafted."
    )

    def __init__(self, conflicts: Sequence[Disagreement]) -> None:
        super().__init__(conflicts=" · ".join(map(str, conflicts)))
        self.conflicts = tuple(conflicts)
        self.path = self.conflicts[0].path
        self.term = self.path.split(".")[0]


class TermsIncomplete(Conflict):
    """A statement that nobody made although the agreement needs it."""

    code = "terms_incomplete"
    default_message = _("These terms are not settled yet: %(paths)s.")


class TermsInvalid(InvalidInput):
    """Terms that do not have the shape of terms."""

    code = "terms_invalid"
    default_message = _("These entries of the terms cannot be read: %(paths)s.")


class Terms(Shape):
    """
    Terms, complete or partial, in the order of the clauses.

    A partial ``Terms`` (a profile, a condition) leaves out what it says nothing about.
    """

    purpose: Annotated[shapes.Purpose | None, NESTED, checks.PURPOSE] = None
    scope: Annotated[shapes.Scope | None, NESTED, checks.SCOPE] = None
    rights: Annotated[shapes.Rights | None, NESTED, checks.RIGHTS] = None
    delivery: Annotated[shapes.Delivery | None, NESTED, checks.DELIVERY] = None
    quota: Annotated[shapes.Quota | None, NESTED, checks.QUOTA] = None
    environment: Annotated[shapes.Environment | None, NESTED, checks.ENVIRONMENT] = None
    region: Annotated[shapes.RegionTerm | None, NESTED, checks.REGION] = None
    onward_transfer: Annotated[shapes.OnwardTransfer | None, NESTED, checks.ONWARD_TRANSFER] = None
    retention: Annotated[shapes.Retention | None, NESTED, checks.RETENTION] = None
    desensitization: Annotated[shapes.Desensitization | None, NESTED, checks.DESENSITIZATION] = None
    security: Annotated[shapes.Security | None, NESTED, checks.SECURITY] = None
    audit: Annotated[shapes.Audit | None, NESTED, checks.AUDIT] = None
    consent: Annotated[shapes.Consent | None, NESTED, checks.CONSENT] = None
    quality_sla: Annotated[shapes.QualitySla | None, NESTED, checks.QUALITY_SLA] = None
    fee: Annotated[shapes.Fee | None, NESTED, checks.FEE] = None
    derived_ip: Annotated[shapes.DerivedIp | None, NESTED, checks.DERIVED_IP] = None
    reporting: Annotated[shapes.Reporting | None, NESTED, checks.REPORTING] = None
    evaluation: Annotated[shapes.Evaluation | None, NESTED, checks.EVALUATION] = None
    breach: Annotated[shapes.Breach | None, NESTED, checks.BREACH] = None
    change: Annotated[shapes.Change | None, NESTED, checks.CHANGE] = None
    exit: Annotated[shapes.Exit | None, NESTED, checks.EXIT] = None
    dispute: Annotated[shapes.Dispute | None, NESTED, checks.DISPUTE] = None
    term: Annotated[shapes.Duration | None, NESTED, checks.TERM] = None

    def dataset(self, code: str) -> DatasetScope | None:
        """Return what is said of one dataset, or None when the terms do not name it."""
        stated = self.scope.datasets if self.scope else None
        return next((item for item in stated or () if item.code == code), None)

    def quota_of(self, code: str) -> QuotaLimit:
        """Return the limits of one dataset: the stricter of its own and everybody's."""
        limits = [QuotaLimit()]
        if self.quota is not None:
            limits += [limit for limit in (self.quota.every,) if limit is not None]
            limits += [limit for name, limit in (self.quota.datasets or {}).items() if name == code]
        found = limits[0]
        for limit in limits[1:]:
            found = meet_models(found, limit)
        return found

    def is_free(self, code: str) -> bool:
        """Return whether one dataset costs nothing under these terms."""
        if self.fee is None:
            return False
        of_dataset = (self.fee.datasets or {}).get(code)
        return bool(
            self.fee.free_of_charge
            or (of_dataset and (of_dataset.free_of_charge or of_dataset.model == "FREE"))
        )


TERM_NAMES = tuple(Terms.model_fields)
MONTH_DAYS_MAX = 31
# What an agreement cannot do without; the rest may stay unsaid where nobody wants it.
REQUIRED_PATHS = (
    "purpose.purpose_class",
    "purpose.scenario_code",
    "purpose.scenario_name",
    "rights.holding",
    "rights.use",
    "rights.operate",
    "delivery.formats",
    "quota.warn_percent",
    "environment.mode",
    "region.region",
    "region.cross_border",
    "onward_transfer.allowed",
    "retention.days",
    "desensitization.reidentification_ban",
    "security.log_retention_months",
    "security.incident_notice_hours",
    "audit.inspection",
    "quality_sla.availability_permille",
    "fee.cycle",
    "fee.payment_working_days",
    "derived_ip.owner",
    "reporting.every_months",
    "evaluation.cycle_months",
    "evaluation.first_after_months",
    "breach.measures",
    "breach.cure_working_days",
    "change.notice_working_days",
    "exit.disposal",
    "exit.due_working_days",
    "dispute.method",
    "dispute.place",
    "term.months",
)
REQUIRED_OF_DATASET = ("dataset_id", "title", "version", "fields", "mode", "provider")


@dataclass(frozen=True, slots=True)
class Merged:
    """Terms that came of several statements; ``sources`` maps an entry to who decided it."""

    terms: Terms
    sources: dict[str, str]


def parse(data: Mapping[str, Any], *, schema: int = shapes.SCHEMA_VERSION) -> Terms:
    """
    Read terms from plain JSON values, as the given version of the schema wrote them.

    :raises TermsInvalid: an unknown entry or a value of the wrong kind; the paths are named.
    :raises SchemaUnknown: no such version was ever written.
    """
    try:
        return Terms.model_validate(versions.upgraded(data, schema=schema))
    except ValidationError as error:
        paths = sorted({".".join(str(part) for part in e["loc"]) for e in error.errors()})
        raise TermsInvalid(paths=", ".join(paths)) from error


def dump(terms: Terms) -> dict[str, Any]:
    """Return terms as plain JSON values, without what they do not say."""
    return terms.model_dump(mode="json", exclude_none=True)


def strictest(*terms: Terms) -> Terms:
    """
    Return the loosest terms that are at least as strict as each of those given.

    :raises TermConflict: two of them exclude each other; the entry is named.
    """
    return merge([("", one) for one in terms]).terms


def merge(statements: Sequence[tuple[str, Terms]]) -> Merged:
    """
    Fold named statements, in their order, and note which one decided each entry.

    An entry belongs to the first statement that gave it its present value.

    :raises TermConflict: two statements exclude each other; the entry is named.
    """
    result, sources = Terms(), dict[str, str]()
    for name, statement in statements:
        before = leaves(result)
        try:
            result = meet_models(result, statement)
        except NoMeet as conflict:
            raise TermConflict(conflicts(statements)) from conflict
        after = leaves(result)
        sources |= {path: name for path, value in after.items() if before.get(path) != value}
    return Merged(result, {path: sources[path] for path in leaves(result)})


def conflicts(statements: Sequence[tuple[str, Terms]]) -> tuple[Disagreement, ...]:
    """
    Return every entry in which named statements exclude each other, and who says what of it.

    The entries do not depend on the order of the statements.
    """
    stated = [(name, leaves(statement)) for name, statement in statements]
    return tuple(
        Disagreement(
            path, tuple((name, _said(path, said)) for name, said in stated if _speaks(path, said))
        )
        for path in (".".join(parts) for parts in clashes([one for _name, one in statements]))
    )


def settle(merged: Merged) -> Merged:
    """
    Draw the consequences that terms have for each other.

    The mode of every dataset is at least as strict as the environment's, a purpose of public
    governance or public benefit is free of charge, and no copy is kept for longer than the
    agreement lasts. Source: domain §0 item 6, docs/sources.md#fees.
    """
    terms = merged.terms
    consequences: dict[str, Any] = {}
    mode = terms.environment.mode if terms.environment else None
    datasets = (terms.scope.datasets if terms.scope else None) or ()
    if mode and any(item.mode is None or _looser(item.mode, mode) for item in datasets):
        consequences["scope"] = {"datasets": [{"code": i.code, "mode": mode} for i in datasets]}
    if terms.purpose and terms.purpose.purpose_class in FREE_PURPOSES:
        consequences["fee"] = {"free_of_charge": True}
    months = terms.term.months if terms.term else None
    if months and terms.retention and (terms.retention.days or 0) > months * MONTH_DAYS_MAX:
        consequences["retention"] = {"days": months * MONTH_DAYS_MAX}
    settled = merge([("merged", terms), ("rule", parse(consequences))])
    sources = {
        path: merged.sources[path] if source == "merged" else source
        for path, source in settled.sources.items()
    }
    return Merged(settled.terms, sources)


def missing(terms: Terms) -> tuple[str, ...]:
    """Return the entries an agreement needs and these terms do not state."""
    stated = leaves(terms)
    absent = [path for path in REQUIRED_PATHS if path not in stated]
    datasets = (terms.scope.datasets if terms.scope else None) or ()
    if not datasets:
        absent.append("scope.datasets")
    absent += [
        f"scope.datasets.{item.code}.{name}"
        for item in datasets
        for name in REQUIRED_OF_DATASET
        if getattr(item, name) is None
    ]
    return tuple(absent)


def loosened(*, candidate: Terms, floor: Terms, locked: Sequence[str]) -> tuple[str, ...]:
    """
    Return the entries of locked terms in which a candidate is looser than the floor.

    What a candidate leaves unsaid counts as unchanged, so that a profile may be partial.
    """
    stated = leaves(candidate)
    return tuple(
        path
        for path in looser_paths(candidate, floor)
        if path.split(".")[0] in locked and _speaks(path, stated)
    )


def terms_hash(terms: Terms, *, schema: int = shapes.SCHEMA_VERSION) -> str:
    """
    Return the SHA-256 over the canonical form of terms and of the schema they were agreed under.

    Terms agreed under an older schema keep its number, and so their hash.
    """
    return hashing.digest_of({"schema": schema, "terms": terms.model_dump(exclude_none=True)})


def _speaks(path: str, stated: Mapping[str, Any]) -> bool:
    """Return whether something is stated of an entry, which may be a mapping of its own."""
    return path in stated or any(one.startswith(f"{path}.") for one in stated)


def _said(path: str, stated: Mapping[str, Any]) -> Any:
    if path in stated:
        return stated[path]
    start = f"{path}."
    return {one.removeprefix(start): v for one, v in stated.items() if one.startswith(start)}


def _looser(left: str, right: str) -> bool:
    return MODES.index(left) < MODES.index(right)
