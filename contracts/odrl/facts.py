"""What a policy needs besides the terms, and the names it gives to parties and datasets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Party:
    """A party by its unified social credit code."""

    uscc: str
    name: str

    @property
    def iri(self) -> str:
        """Return the name of the party in policies."""
        return party_iri(self.uscc)


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What a policy needs besides the terms.

    ``providers`` are the providers by dataset; ``filterable`` the fields each dataset may be
    filtered by; the days are None until the agreement takes effect, which makes it an offer.
    """

    policy_id: str
    number: str
    version: int
    licensee: Party
    providers: Mapping[str, Party]
    filterable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    terms_hash: str = ""
    text_hash: str = ""


def party_iri(uscc: str) -> str:
    """Return the name of a party in policies."""
    return f"urn:datadeed:party:{quote(uscc, safe='')}"


def dataset_iri(code: str) -> str:
    """Return the name of a dataset in policies."""
    return f"urn:datadeed:dataset:{quote(code, safe='')}"


def scenario_iri(code: str) -> str:
    """Return the name of a scenario in policies."""
    return f"urn:datadeed:scenario:{quote(code, safe='')}"
