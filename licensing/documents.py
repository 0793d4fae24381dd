"""
The license certificate: one A4 page, with an annex only when the facts do not fit on it.

Layout after the certificate of registered data rights: QR code to the public record at the lower
left, seal at the lower right. Source: docs/sources.md#license-certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Table
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts
from core.documents.chinese import long_date
from core.documents.kit import Document, Margins, Page, Pages, build, fingerprint, require
from core.documents.typeset import Style, Text, draw_string
from licensing.numbers import status_place_of

TITLE = "有条件开放数据使用许可证"
# More fields than this are listed on the annex; the page says how many there are.
FIELDS_INLINE_MAX = 12
VALUE_SIZES = (10.5, 10.0, 9.5, 9.0)
TABLE_WIDTH_MM = 166
TABLE_HEIGHT_MM_MAX = 168
_MARGINS = Margins(top_mm=58, right_mm=22, bottom_mm=68, left_mm=22)
_ANNEX_MARGINS = Margins(top_mm=46, right_mm=22, bottom_mm=25, left_mm=22)
_BORDER = Color(0.45, 0.05, 0.05)
_FOOT = Style(size=8.5, leading=13)


@dataclass(frozen=True, kw_only=True)
class LicensedField:
    """One granted field: its code, its Chinese name, and the rule of desensitization if any."""

    code: str
    name: str
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenseFacts:
    """Everything the certificate says; texts are Chinese and ready to print."""

    number: str
    machine_id: str
    copy: Literal["ORIGINAL", "DUPLICATE"] = "ORIGINAL"
    watermark: str = ""
    licensee: str
    licensee_uscc: str
    provider: str
    authority: str
    dataset_code: str
    dataset_name: str
    dataset_version: str
    openness_class: str
    sensitivity_level: str
    scenario: str
    purpose_class: str
    fields: tuple[LicensedField, ...]
    right_to_hold: str
    right_to_use: str
    right_to_operate: str
    delivery: str
    quota: str
    environment: str
    region: str
    valid_from: date
    valid_to: date
    prohibitions: tuple[str, ...]
    fee_basis: str
    agreement_number: str
    decision_number: str
    issued_at: datetime
    verification_url: str
    demo_seal: bool
    # Printed on a certificate that takes the place of an earlier one.
    reissue_note: str = ""


# A row is a label and a value over the full width, or two labels with their values.
Row = tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    rows: tuple[Row, ...]
    size: float
    annex: tuple[tuple[str, str], ...]


def render_license(facts: LicenseFacts) -> bytes:
    """
    Draw the certificate, original or duplicate, and return the PDF.

    Same facts give the same bytes. A duplicate carries the watermark 副本.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    :raises InconsistentFacts: no field is granted, or the term ends before it begins.
    """
    require(bool(facts.fields), what=_("the license grants no field"))
    require(facts.valid_from <= facts.valid_to, what=_("the license ends before it begins"))
    fonts.check_glyphs(facts)
    layout = _fit(facts)
    digest = fingerprint(facts)

    def story(_learnt: Pages, _noted: Pages) -> Sequence[Flowable]:
        return [_table(layout.rows, layout.size), *_annex(facts, layout)]

    return build(
        document=Document(
            title=TITLE,
            number=facts.number,
            version=facts.machine_id,
            author=facts.authority,
            at=facts.issued_at,
            subject=f"{facts.licensee} {facts.dataset_code} {facts.dataset_name}",
            margins=_MARGINS,
            later_margins=_ANNEX_MARGINS,
        ),
        story=story,
        furniture=lambda canvas, page: _certificate(canvas, page, facts, digest),
        later=lambda canvas, page: _annex_page(canvas, page, facts),
    )


def _watermark(facts: LicenseFacts) -> str:
    return facts.watermark or ("副本" if facts.copy == "DUPLICATE" else "")


def _all_rows(facts: LicenseFacts) -> list[Row]:
    named = "、".join(f"{f.name}（{f.code}）" for f in facts.fields)
    term = f"自{long_date(facts.valid_from)}起至{long_date(facts.valid_to)}止"
    rights = (
        f"持有权：{facts.right_to_hold}\n使用权：{facts.right_to_use}\n"
        f"经营权：{facts.right_to_operate}"
    )
    return [
        ("被许可人", facts.licensee, "统一社会\n信用代码", facts.licensee_uscc),
        ("数据提供单位", facts.provider, "数据主管部门", facts.authority),
        ("数据集", facts.dataset_name, "数据集编号\n及版本", _versioned(facts)),
        ("开放类型", facts.openness_class, "敏感级别", facts.sensitivity_level),
        ("应用场景", facts.scenario, "用途类别", facts.purpose_class),
        ("许可字段", named),
        ("数据权利", rights),
        ("提供方式", facts.delivery, "调用限额", facts.quota),
        ("使用环境", facts.environment, "地域限制", facts.region),
        ("有效期限", term),
        ("主要禁止\n事项", "\n".join(f"{n}. {t}" for n, t in enumerate(facts.prohibitions, 1))),
        ("收费依据", facts.fee_basis),
        ("协议编号", facts.agreement_number, "审批决定\n文号", facts.decision_number),
    ]


def _versioned(facts: LicenseFacts) -> str:
    return f"{facts.dataset_code}  {facts.dataset_version}"


def _fit(facts: LicenseFacts) -> _Layout:
    """Set the page smaller, then move the longest values to the annex, until it all fits."""
    rows = _all_rows(facts)
    annex: list[tuple[str, str]] = []
    if len(facts.fields) > FIELDS_INLINE_MAX:
        annex.append(("许可字段", ""))
        rows = _replaced(rows, "许可字段", f"见附页第 1 项（共 {len(facts.fields)} 项）")
    while True:
        for size in VALUE_SIZES:
            if _height_mm(rows, size) <= TABLE_HEIGHT_MM_MAX:
                return _Layout(tuple(rows), size, tuple(annex))
        label, value = max(
            (pair for row in rows for pair in zip(row[::2], row[1::2], strict=True)),
            key=lambda pair: len(pair[1]) + 20 * pair[1].count("\n"),
        )
        annex.append((label.replace("\n", ""), "" if label == "许可字段" else value))
        count = f"（共 {len(facts.fields)} 项）" if label == "许可字段" else ""
        rows = _replaced(rows, label, f"见附页第 {len(annex)} 项{count}")


def _replaced(rows: list[Row], label: str, value: str) -> list[Row]:
    return [
        tuple(value if i % 2 and row[i - 1] == label else text for i, text in enumerate(row))
        for row in rows
    ]


def _height_mm(rows: Sequence[Row], size: float) -> float:
    _, height = _table(rows, size).wrap(TABLE_WIDTH_MM * mm, 10_000)
    return float(height / mm)


def _table(rows: Sequence[Row], size: float) -> Table:
    return parts.pairs_table(
        rows,
        width_mm=TABLE_WIDTH_MM,
        label_mm=25,
        style=Style(size=size, leading=size * 1.45),
    )


def _annex(facts: LicenseFacts, layout: _Layout) -> list[Flowable]:
    if not layout.annex:
        return []
    story: list[Flowable] = [parts.page_break()]
    for number, (label, value) in enumerate(layout.annex, 1):
        story.append(Text(f"附页第 {number} 项  {label}", parts.SECTION))
        if label == "许可字段":
            story.append(
                parts.grid(
                    head=("序号", "字段名称", "字段代码", "脱敏规则"),
                    rows=[
                        (str(n), f.name, f.code, f.rule or "原值")
                        for n, f in enumerate(facts.fields, 1)
                    ],
                    widths_mm=(14, 58, 54, 40),
                    aligns=("center", "left", "left", "left"),
                    style=parts.CELL.but(size=9.5, leading=14),
                )
            )
        else:
            story.append(Text(value, parts.PLAIN.but(size=10.5, leading=17)))
    return story


def _certificate(canvas: Any, page: Page, facts: LicenseFacts, digest: str) -> None:
    """Draw what stands around the table of the first page."""
    furniture.watermark(canvas=canvas, page=page, text=_watermark(facts))
    canvas.setStrokeColor(_BORDER)
    for inset, line in ((12, 2.2), (14, 0.6)):
        canvas.setLineWidth(line)
        side = inset * mm
        canvas.rect(side, side, page.width - 2 * side, page.height - 2 * side)
    middle, top = page.width / 2, page.height
    title = Style(font=fonts.BOLD, size=27, align="center", color=_BORDER)
    draw_string(canvas=canvas, text=TITLE, x=middle, y=top - 30 * mm, style=title)
    copy = "（正本）" if facts.copy == "ORIGINAL" else "（副本）"
    draw_string(
        canvas=canvas, text=copy, x=middle, y=top - 38 * mm, style=Style(size=14, align="center")
    )
    left, right = 22 * mm, page.width - 22 * mm
    small = Style(size=10.5)
    draw_string(canvas=canvas, text=f"编号：{facts.number}", x=left, y=top - 46 * mm, style=small)
    machine = f"机器编码：{facts.machine_id}"
    draw_string(
        canvas=canvas, text=machine, x=right, y=top - 46 * mm, style=small.but(align="right")
    )
    grant = "经审查，准予下列被许可人在本证载明的范围和条件内使用公共数据。"
    draw_string(canvas=canvas, text=grant, x=left, y=top - 54 * mm, style=small)
    _lower_part(canvas, page, facts, digest)


def _lower_part(canvas: Any, page: Page, facts: LicenseFacts, digest: str) -> None:
    left, right = 22 * mm, page.width - 22 * mm
    side = 33 * mm
    furniture.draw_qr(
        canvas=canvas, url=facts.verification_url, x=left, y=29 * mm, side=side
    )
    notes = [
        "扫码查验本证状态，以查询结果为准。",
        "本证状态可能中止、撤销或者被新证替代，",
        "纸质件、电子件不单独作为有效凭据。",
    ]
    if facts.reissue_note:
        notes.extend(facts.reissue_note.split("\n"))
    if facts.demo_seal:
        notes.extend(("电子签名使用演示证书，", "不具有法律上可靠电子签名的效力。"))
    for number, note in enumerate(notes):
        y = 58 * mm - number * 13
        draw_string(canvas=canvas, text=note, x=left + side + 3 * mm, y=y, style=_FOOT)
    middle = right - 34 * mm
    furniture.draw_seal(
        canvas=canvas, name=facts.authority, x=middle, y=43 * mm, demo=facts.demo_seal
    )
    office = Style(size=12, align="center")
    # The longest names are set smaller rather than run over the border.
    name = office.but(size=min(12, 74 * mm / max(len(facts.authority), 1)))
    draw_string(canvas=canvas, text=facts.authority, x=middle, y=47 * mm, style=name)
    day = long_date(facts.issued_at)
    draw_string(canvas=canvas, text=day, x=middle, y=39 * mm, style=office)
    tiny = Style(size=6.5, color=furniture.GREY)
    draw_string(
        canvas=canvas, text=f"内容校验值 SHA-256：{digest}", x=left, y=21 * mm, style=tiny
    )
    place = status_place_of(facts.machine_id)
    url = f"查验地址：{facts.verification_url}  状态列表：{place.list} 第 {place.index} 项"
    draw_string(canvas=canvas, text=url, x=left, y=17.5 * mm, style=tiny)
    if page.total > 1:
        label = f"第 {page.number} 页  共 {page.total} 页"
        draw_string(
            canvas=canvas, text=label, x=right, y=17.5 * mm, style=tiny.but(size=8, align="right")
        )


def _annex_page(canvas: Any, page: Page, facts: LicenseFacts) -> None:
    furniture.watermark(canvas=canvas, page=page, text=_watermark(facts))
    middle, top = page.width / 2, page.height
    title = Style(font=fonts.BOLD, size=16, align="center")
    draw_string(canvas=canvas, text=f"{TITLE}附页", x=middle, y=top - 30 * mm, style=title)
    text = f"本附页是{facts.number}许可证（{facts.machine_id}）的组成部分，与该证具有同等效力。"
    note = Style(size=10, align="center")
    draw_string(canvas=canvas, text=text, x=middle, y=top - 40 * mm, style=note)
    furniture.page_of(canvas, page)
