"""Who concludes an agreement, on what decision: the part of the text that is not a term. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from contracts.clauses.language import ClauseText
from core.documents.chinese import ordinal

TITLE = "有条件开放公共数据利用协议"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyFacts:
    """One party as the agreement names it."""

    organization_id: str
    name: str
    uscc: str
    representative: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFacts:
    """What the text says beside the terms; taken once, when the agreement is drafted."""

    number: str
    authority: str
    application_number: str
    decision_number: str
    decided_on: date
    template: str
    licensee: PartyFacts
    providers: tuple[PartyFacts, ...]
    conditions: tuple[str, ...] = ()
    # The schema the terms were agreed under; what was drafted before it was counted is version 1.
    schema: int = 1
    # The versions of the clauses it was drafted with; none for what was drafted before.
    clauses: tuple[ClauseText, ...] = ()
    title: str = TITLE
    provider_role: str = "数据开放主体"
    licensee_role: str = "数据利用主体"

    def dump(self) -> dict[str, Any]:
        """Return the facts as plain JSON values."""
        return asdict(self) | {
            "decided_on": self.decided_on.isoformat(),
            "clauses": [clause.dump() for clause in self.clauses],
        }

    @staticmethod
    def load(data: Mapping[str, Any]) -> TextFacts:
        """Return the facts from plain JSON values."""
        return TextFacts(
            **(
                dict(data)
                | {
                    "decided_on": date.fromisoformat(data["decided_on"]),
                    "licensee": PartyFacts(**data["licensee"]),
                    "providers": tuple(PartyFacts(**party) for party in data["providers"]),
                    "conditions": tuple(data["conditions"]),
                    "clauses": tuple(ClauseText.load(c) for c in data.get("clauses", ())),
                }
            )
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause; its paragraphs are numbered 1.1, 1.2 and so on."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    term: str = ""
    code: str = ""

    @property
    def heading(self) -> str:
        """The number and the title, as the agreement prints them."""
        return f"第{ordinal(self.number)}条　{self.title}"
