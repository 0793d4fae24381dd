"""
The text of the agreement, rendered from its terms. Pure.

Same terms and parties, same text, same hash: what people sign is the hash of what they read.
Source: domain §3.5, docs/sources.md#agreement-text (own wording; the structure follows the model
contract for the provision of data, GF-2025-2615).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.clauses import duties, ending, use
from contracts.clauses.facts import Clause, PartyFacts, TextFacts
from contracts.terms import Terms, TermsIncomplete, dump, missing, terms_hash
from core import hashing
from core.documents.chinese import long_date, ordinal

__all__ = ["Clause", "PartyFacts", "TextFacts", "full_text", "render_text", "text_hash"]

TITLE = "有条件开放公共数据利用协议"
Writer = Callable[[dict[str, Any], TextFacts], list[str]]
# The order of the text; a clause names the term it words.
WRITERS: tuple[tuple[str, str, Writer], ...] = (
    ("定义", "", use.definitions),
    ("数据范围", "scope", use.scope),
    ("用途与应用场景", "purpose", use.purpose),
    ("数据权利", "rights", use.rights),
    ("交付方式", "delivery", use.delivery),
    ("调用配额", "quota", use.quota),
    ("使用环境", "environment", use.environment),
    ("地域限制", "region", use.region),
    ("禁止转供", "onward_transfer", use.onward_transfer),
    ("留存与备份", "retention", duties.retention),
    ("脱敏与禁止重识别", "desensitization", duties.desensitization),
    ("安全义务", "security", duties.security),
    ("审计与检查", "audit", duties.audit),
    ("授权同意", "consent", duties.consent),
    ("数据质量", "quality_sla", duties.quality),
    ("费用与结算", "fee", duties.fee),
    ("衍生成果", "derived_ip", duties.derived),
    ("使用情况报告", "reporting", duties.reporting),
    ("定期评估", "evaluation", duties.evaluation),
    ("违约责任", "breach", ending.breach),
    ("变更、中止与解除", "change", ending.change),
    ("退出与数据销毁", "exit", ending.exit_),
    ("争议解决", "dispute", ending.dispute),
    ("协议期限", "term", ending.duration),
    ("附则", "", ending.closing),
)
# What comments and links call a clause: its term, or a name where it words none.
_KEYS = {"定义": "definitions", "附则": "closing"}
CLAUSE_KEYS = tuple(term or _KEYS[title] for title, term, _write in WRITERS)


def key_of(clause: Clause) -> str:
    """Return what comments and links call a clause."""
    return clause.term or _KEYS[clause.title]


def render_text(*, terms: Terms, facts: TextFacts) -> tuple[Clause, ...]:
    """
    Return the numbered clauses of an agreement.

    :raises TermsIncomplete: a term the text needs is not stated.
    """
    absent = missing(terms)
    if absent:
        raise TermsIncomplete(paths=", ".join(absent))
    plain = dump(terms)
    return tuple(
        Clause(number, title, tuple(write(plain, facts)), term)
        for number, (title, term, write) in enumerate(WRITERS, 1)
    )


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
    lines = [TITLE, f"编号：{facts.number}", ""]
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
    lines.append(f"结构化条款校验值（SHA-256）：{terms_hash(terms)}")
    return "\n".join(lines) + "\n"


def text_hash(*, terms: Terms, facts: TextFacts) -> str:
    """Return the SHA-256 of the text: what every party signs."""
    return hashing.digest(full_text(terms=terms, facts=facts).encode())


def parties(*, facts: TextFacts) -> tuple[tuple[str, PartyFacts], ...]:
    """Return the parties with their roles, providers first."""
    several = len(facts.providers) > 1
    providers = tuple(
        (f"甲方{ordinal(n) if several else ''}（数据开放主体）", party)
        for n, party in enumerate(facts.providers, 1)
    )
    return (*providers, ("乙方（数据利用主体）", facts.licensee))
