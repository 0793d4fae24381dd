"""
The contexts a document may name, and how one becomes the reading of its keys. Pure.

Nothing is fetched: a context is known here, or is written into the document, or is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from contracts.odrl.errors import Unreadable
from contracts.odrl.vocabulary import (
    ACTIONS,
    LEFT_OPERANDS,
    NAMES_OF_TERMS,
    NAMES_OF_THINGS,
    ODRL,
    PARTY_FUNCTIONS,
    PREFIXES,
    REPORT,
    SOTW,
    TERMS_OF_ODRL,
)

ODRL_CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
_ODRL_URLS = frozenset(
    {
        ODRL_CONTEXT,
        "https://www.w3.org/ns/odrl.jsonld",
        "http://www.w3.org/ns/odrl",
        "https://w3id.org/dspace/2025/1/odrl-profile.jsonld",
    }
)
_SOTW_ENDINGS = ("/formal-semantics/ontology/evaluation_request.json",
                 "/formal-semantics/ontology/stow.json")  # fmt: skip
_CONTAINERS = frozenset({"@set", "@list"})
_DEFINITION = frozenset({"@id", "@type", "@container", "@protected", "@prefix", "@language"})
_IGNORED = frozenset({"@version", "@protected"})


@dataclass(frozen=True, slots=True)
class Term:
    """What a key stands for; ``name`` None takes it out of use."""

    name: str | None
    type: str | None = None


def _named(namespace: str, names: Any) -> dict[str, Term]:
    found = {}
    for name in names:
        full = namespace + name
        kind = "@vocab" if full in NAMES_OF_TERMS else None
        found[name] = Term(full, "@id" if full in NAMES_OF_THINGS else kind)
    return found


def _local(iris: Any) -> list[str]:
    return [iri.removeprefix(ODRL) for iri in iris if iri.startswith(ODRL)]


_PREFIX_TERMS = {prefix: Term(namespace) for prefix, namespace in PREFIXES.items()}
_ODRL_TERMS: dict[str, Term] = {
    **_PREFIX_TERMS,
    **_named(ODRL, TERMS_OF_ODRL),
    **_named(ODRL, _local(ACTIONS)),
    **_named(ODRL, _local(LEFT_OPERANDS)),
    **_named(ODRL, _local(PARTY_FUNCTIONS)),
    "uid": Term("@id"),
    "type": Term("@type"),
    "id": Term("@id"),
}
_SOTW_TERMS: dict[str, Term] = {
    **_PREFIX_TERMS,
    **_named(SOTW, (
        "SotW", "EvaluationRequest", "RequestParameter", "evaluatedAction", "evaluatedParty",
        "evaluatedTarget", "requestedAction", "requestingParty", "requestedTarget",
        "describesFeature", "value", "requestParameter", "currentTime", "existingReport",
        "partyCollection", "assetCollection", "includes",
    )),
    "requestParameters": Term(f"{SOTW}requestParameter", "@id"),
}  # fmt: skip
# What a world says in plain words, where its document has no context.
_PLAIN_TERMS: dict[str, Term] = {
    **_SOTW_TERMS,
    **_named(REPORT, (
        "PolicyReport", "PermissionReport", "ProhibitionReport", "DutyReport", "ruleReport",
        "rule", "activationState", "attemptState", "performanceState", "deonticState",
    )),
    **_ODRL_TERMS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """How the keys and names of a part of a document are read."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    base: str = ""
    vocab: str = ""

    def name(self, text: str, *, vocabulary: bool) -> str:
        """Return the full name of a key (``vocabulary``) or of a thing."""
        if text.startswith("@"):
            return text
        if vocabulary and text in self.terms:
            known = self.terms[text].name
            # Taken out of use by the document itself: nobody defines it.
            return text.replace(":", "") if known is None else known
        prefix, colon, rest = text.partition(":")
        if colon:
            known = self.terms[prefix].name if prefix in self.terms else None
            return text if prefix == "_" or rest.startswith("//") or not known else known + rest
        if vocabulary:
            return self.vocab + text if self.vocab else text
        return urljoin(self.base, text) if self.base else text

    def bare(self, text: str) -> str:
        """Return the full name of a bare word of ODRL; any other stays as it is."""
        found = _ODRL_TERMS.get(text)
        return found.name if found and found.name and ":" in found.name else text

    def type_of(self, key: str) -> str | None:
        """Return how the plain values of a key are read, as its definition says."""
        found = self.terms.get(key)
        return found.type if found else None

    def extended(self, stated: Any, path: str) -> Context:
        """
        Return the context with what a document states.

        :raises Unreadable: it names a context that is not known, or defines what is not understood.
        """
        context = self
        for one in stated if isinstance(stated, list) else [stated] if stated is not None else []:
            if isinstance(one, str):
                context = replace(context, terms={**context.terms, **_known(one, path)})
            elif isinstance(one, dict):
                context = context._with(one, f"{path}.@context")
            elif one is None:
                context = Context()
            else:
                raise Unreadable("a context must be a name or an object", path=path)
        return context

    def _with(self, stated: dict[str, Any], path: str) -> Context:
        base, vocab = self.base, self.vocab
        if "@base" in stated:
            base = _text_or_none(stated["@base"], f"{path}.@base")
        if "@vocab" in stated:
            vocab = _text_or_none(stated["@vocab"], f"{path}.@vocab")
        terms = dict(self.terms)
        draft = Context(terms, base, vocab)
        own = {key: value for key, value in stated.items() if not key.startswith("@")}
        for key in stated.keys() - own.keys() - {"@base", "@vocab"} - _IGNORED:
            raise Unreadable(f"{key} in a context is not understood here", path=path)
        # Twice, because a definition may use one that stands after it.
        for _ in range(2):
            for key, value in own.items():
                terms[key] = draft._definition(key, value, f"{path}.{key}")
        return Context(terms, base, vocab)

    def _definition(self, key: str, value: Any, path: str) -> Term:
        if value is None:
            return Term(None)
        if isinstance(value, str):
            return Term(self._other(key, value))
        if not isinstance(value, dict):
            raise Unreadable("a definition must be a text or an object", path=path)
        unknown = set(value) - _DEFINITION
        if unknown:
            raise Unreadable(f"{min(unknown)} in a definition is not understood", path=path)
        container = value.get("@container")
        if container is not None and not set(_listed(container)) <= _CONTAINERS:
            raise Unreadable(f"the container {container} is not understood here", path=path)
        kind, name = value.get("@type"), value.get("@id", key)
        if not isinstance(name, str) or not isinstance(kind, str | None):
            raise Unreadable("a definition must consist of texts", path=path)
        full = self._other(key, name)
        return Term(full, None if kind is None else self.name(kind, vocabulary=True))

    def _other(self, key: str, name: str) -> str:
        # A term defined by its own name (``odrl:read``) is not looked up again.
        others = {k: v for k, v in self.terms.items() if k != key}
        return Context(others, self.base, self.vocab).name(name, vocabulary=True)


def empty_context(*, with_odrl: bool) -> Context:
    """Return the context a document begins with; one without its own is read in plain words."""
    return Context(_PLAIN_TERMS) if with_odrl else Context()


def _known(url: str, path: str) -> Mapping[str, Term]:
    if url in _ODRL_URLS:
        return _ODRL_TERMS
    if url.endswith(_SOTW_ENDINGS):
        return _SOTW_TERMS
    raise Unreadable(f"the context {url} is not known here and is not fetched", path=path)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text_or_none(value: Any, path: str) -> str:
    if value is not None and not isinstance(value, str):
        raise Unreadable("must be a text", path=path)
    return value or ""
