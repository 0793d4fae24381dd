"""
The text of the agreement, rendered from its terms. Pure.

Same terms and parties, same text, same hash: what people sign is the hash of what they read. The
wording is that of the versions of the clauses pinned when the agreement was drafted, so a new
version of a clause changes no text that was there before.
Source: domain §3.5, docs/sources.md#agreement-text (own wording; the structure follows the model
contract for the provision of data, GF-2025-2615).
"""

from __future__ import annotations

from contracts.clauses import language, library, variables
from contracts.clauses.facts import TITLE, Clause, PartyFacts, TextFacts
from contracts.clauses.language import ClauseText
from contracts.terms import Terms, TermsIncomplete, dump, missing, terms_hash
from core import hashing
from core.documents.chinese import long_date, ordinal

__all__ = [
    "CLAUSE_KEYS",
    "TITLE",
    "Clause",
    "PartyFacts",
    "TextFacts",
    "full_text",
    "key_of",
    "render_text",
    "text_hash",
]

# What comments and links call a clause: its term, or its code where it words none.
CLAUSE_KEYS = tuple(library.FIRST[code].term or code for code in library.PROVISION)


def key_of(clause: Clause) -> str:
    """Return what comments and links call a clause."""
    return clause.term or clause.code


def render_text(*, terms: Terms, facts: TextFacts) -> tuple[Clause, ...]:
    """
    Return the numbered clauses of an agreement.

    :raises TermsIncomplete: a term the text needs is not stated.
    """
    absent = missing(terms)
    if absent:
        raise TermsIncomplete(paths=", ".join(absent))
    return word_clauses(clauses_of(facts=facts), terms=terms, facts=facts)


def word_clauses(
    clauses: tuple[ClauseText, ...], *, terms: Terms, facts: TextFacts
) -> tuple[Clause, ...]:
    """
    Return given clauses in words, numbered in their order; the terms need not be complete.

    :raises ClauseInvalid: a clause names what does not exist.
    """
    values = variables.values_of(
        terms=dump(terms), facts=facts, entries=variables.entry_paths()
    )
    return tuple(
        Clause(
            number,
            one.title,
            language.render(one.paragraphs, values=values),
            one.term,
            one.code,
        )
        for number, one in enumerate(clauses, 1)
    )


def clauses_of(*, facts: TextFacts) -> tuple[ClauseText, ...]:
    """Return the clauses a text was drafted with; before they were pinned, the first versions."""
    return facts.clauses or tuple(library.FIRST[code].text for code in library.PROVISION)


def recitals(*, facts: TextFacts) -> tuple[str, ...]:
    """Return what stands before the first clause."""
    return (
        f"{facts.licensee.name}提出使用有条件开放公共数据的申请（编号：{facts.application_number}），"
        f"{facts.authority}于{long_date(facts.decided_on)}以{facts.decision_number}决定准予使用。",
        "为明确各方权利义务，保障公共数据安全、合规、高效利用，各方依照《中华人民共和国民法典》"
        "《中华人民共和国数据安全法》《江苏省数据条例》等法律、法规和无锡市公共数据开放的有关规定，"
        "遵循平等、自愿、公平、诚信原则，经协商一致，订立本协议。",
    )


def full_text(*, terms: Terms, facts: TextFacts) -> str:
    """
    Return the whole agreement as plain text, the form that is hashed.

    The hash of the structured terms stands in the text, so that signing one is signing both.
    """
    lines = [facts.title, f"编号：{facts.number}", ""]
    for role, party in parties(facts=facts):
        lines.append(f"{role}：{party.name}（统一社会信用代码：{party.uscc}）")
        details = (
            ("法定代表人或者负责人", party.representative),
            ("地址", party.address),
            ("联系方式", party.contact),
        )
        stated = "；".join(f"{label}：{value}" for label, value in details if value)
        lines += [stated] if stated else []
    lines += ["", *recitals(facts=facts), ""]
    for clause in render_text(terms=terms, facts=facts):
        lines.append(clause.heading)
        lines += [f"{clause.number}.{n}　{text}" for n, text in enumerate(clause.paragraphs, 1)]
        lines.append("")
    lines.append(f"结构化条款校验值（SHA-256）：{terms_hash(terms, schema=facts.schema)}")
    return "\n".join(lines) + "\n"


def text_hash(*, terms: Terms, facts: TextFacts) -> str:
    """Return the SHA-256 of the text: what every party signs."""
    return hashing.digest(full_text(terms=terms, facts=facts).encode())


def parties(*, facts: TextFacts) -> tuple[tuple[str, PartyFacts], ...]:
    """Return the parties with their roles, providers first."""
    several = len(facts.providers) > 1
    providers = tuple(
        (f"甲方{ordinal(n) if several else ''}（{facts.provider_role}）", party)
        for n, party in enumerate(facts.providers, 1)
    )
    return (*providers, (f"乙方（{facts.licensee_role}）", facts.licensee))
