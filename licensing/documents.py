"""
The license certificate: one A4 page, with an annex only when the facts do not fit on it.

Layout after the certificate of registered data rights: QR code to the public record at the lower
left, seal at the lower right. Source: docs/sources.md#license-certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts, plates
from core.documents.chinese import long_date
from core.documents.forms import Form, Row
from core.documents.kit import (
    A4,
    Document,
    Margins,
    Page,
    build,
    build_page,
    fingerprint,
    require,
)
from core.documents.plates import Plate
from core.documents.typeset import Style, Text, draw_string
from licensing.numbers import status_place_of

TITLE = "有条件开放数据使用许可证"
# More fields than this are listed on the annex; the page says how many there are.
FIELDS_INLINE_MAX = 12
VALUE_SIZES = (10.5, 10.0, 9.5, 9.0)
TABLE_WIDTH_MM = 166
TABLE_HEIGHT_MM_MAX = 168
SIDE_MM = 22
TABLE_TOP_MM = 58
QR_MM = 33
# The middle of the seal, from the left and from the lower edge.
SEAL_X_MM, SEAL_Y_MM = 154, 43
_MARGINS = Margins(top_mm=TABLE_TOP_MM, right_mm=SIDE_MM, bottom_mm=68, left_mm=SIDE_MM)
_ANNEX_MARGINS = Margins(top_mm=46, right_mm=SIDE_MM, bottom_mm=25, left_mm=SIDE_MM)
_BORDER = Color(0.45, 0.05, 0.05)
# Two typefaces in all: one for the title and the seal, one for everything that is filled in.
_TITLE = Style(font=fonts.BOLD, size=27, align="center", color=_BORDER)
_PLAIN = Style(font=fonts.PLAIN, size=10.5)
_FOOT = Style(font=fonts.PLAIN, size=8.5, leading=13)
_TINY = Style(font=fonts.PLAIN, size=6.5, color=furniture.GREY)
GRANT = "经审查，准予下列被许可人在本证载明的范围和条件内使用公共数据。"
NOTES = ("扫码查验本证状态，以查询结果为准。", "本证不得单独作为许可有效的凭据。")
DEMO_NOTES = ("电子签名使用演示证书，", "不具有法律上可靠电子签名的效力。")
_OFTEN = (
    "编号：机器码（）〔〕年月日第共页自起至止0123456789-"
    "内容校验值 SHA-256：abcdefghilmnoprstuvwxyzWX./:地址状态列表项"
)
_ROWS: tuple[tuple[str, ...], ...] = (
    ("被许可人", "统一社会\n信用代码"),
    ("数据提供单位", "数据主管部门"),
    ("数据集", "数据集编号\n及版本"),
    ("开放类型", "敏感级别"),
    ("应用场景", "用途类别"),
    ("许可字段",),
    ("数据权利",),
    ("提供方式", "调用限额"),
    ("使用环境", "地域限制"),
    ("有效期限",),
    ("主要禁止\n事项",),
    ("收费依据",),
    ("协议编号", "审批决定\n文号"),
)
_LABELS = tuple(label for labels in _ROWS for label in labels)
PLATES_MAX = 64


@dataclass(frozen=True, kw_only=True)
class LicensedField:
    """One granted field: its code, its Chinese name, and the rule of desensitization if any."""

    code: str
    name: str
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenseFacts:
    """
    Everything the certificate says; texts are Chinese and ready to print.

    A duplicate carries the watermark 副本; ``watermark`` (补发, 测试) takes its place.
    """

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


@dataclass(frozen=True)
class _Layout:
    form: Form
    annex: tuple[tuple[str, str], ...]


def render_license(facts: LicenseFacts) -> bytes:
    """
    Draw the certificate, original or duplicate, and return the PDF.

    Same facts give the same bytes.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    :raises InconsistentFacts: no field is granted, or the term ends before it begins.
    """
    require(bool(facts.fields), what=_("the license grants no field"))
    require(facts.valid_from <= facts.valid_to, what=_("the license ends before it begins"))
    fonts.check_glyphs(facts)
    layout = _fit(facts)
    digest = fingerprint(facts)
    plate = _plate(facts.copy, _watermark(facts), facts.authority, facts.demo_seal)
    document = Document(
        title=TITLE,
        number=facts.machine_id,
        author=facts.authority,
        at=facts.issued_at,
        subject=f"{facts.licensee} {facts.dataset_code}",
        margins=_MARGINS,
        later_margins=_ANNEX_MARGINS,
    )

    def certificate(canvas: Any, page: Page) -> None:
        plates.stamp(canvas=canvas, plate=plate)
        _certificate(canvas, page, facts, layout.form, digest)

    if not layout.annex:
        return build_page(document=document, draw=certificate, plate=plate)
    return build(
        document=document,
        story=lambda _learnt, _noted: _annex(facts, layout),
        furniture=certificate,
        later=lambda canvas, page: _annex_page(canvas, page, facts),
        plate=plate,
    )


def _watermark(facts: LicenseFacts) -> str:
    return facts.watermark or ("副本" if facts.copy == "DUPLICATE" else "")


def rows_of(facts: LicenseFacts) -> list[Row]:
    """Return the labels and values of the form, in their order."""
    named = "、".join(f"{f.name}（{f.code}）" for f in facts.fields)
    rights = (
        f"持有权：{facts.right_to_hold}\n使用权：{facts.right_to_use}\n"
        f"经营权：{facts.right_to_operate}"
    )
    values = iter(
        (
            facts.licensee,
            facts.licensee_uscc,
            facts.provider,
            facts.authority,
            facts.dataset_name,
            f"{facts.dataset_code}  {facts.dataset_version}",
            facts.openness_class,
            facts.sensitivity_level,
            facts.scenario,
            facts.purpose_class,
            named,
            rights,
            facts.delivery,
            facts.quota,
            facts.environment,
            facts.region,
            f"自{long_date(facts.valid_from)}起至{long_date(facts.valid_to)}止",
            "\n".join(f"{n}. {t}" for n, t in enumerate(facts.prohibitions, 1)),
            facts.fee_basis,
            facts.agreement_number,
            facts.decision_number,
        )
    )
    return [tuple(text for label in labels for text in (label, next(values))) for labels in _ROWS]


def _fit(facts: LicenseFacts) -> _Layout:
    """Set the page smaller, then move the longest values to the annex, until it all fits."""
    rows = rows_of(facts)
    annex: list[tuple[str, str]] = []
    if len(facts.fields) > FIELDS_INLINE_MAX:
        annex.append(("许可字段", ""))
        rows = _replaced(rows, "许可字段", f"见附页第 1 项（共 {len(facts.fields)} 项）")
    while True:
        for size in VALUE_SIZES:
            form = _form(rows, size)
            if form.height <= TABLE_HEIGHT_MM_MAX * mm:
                return _Layout(form, tuple(annex))
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


def _form(rows: Sequence[Row], size: float) -> Form:
    value = _PLAIN.but(size=size, leading=size * 1.45)
    return Form(
        rows=rows,
        width_mm=TABLE_WIDTH_MM,
        label_mm=25,
        label=value.but(size=min(size, parts.LABEL_SIZE_MAX), align="center"),
        value=value,
    )


def _annex(facts: LicenseFacts, layout: _Layout) -> list[Flowable]:
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


def notes_of(demo: bool) -> tuple[str, ...]:
    """Return the notes beside the code; a demonstration says what its signature is worth."""
    return (*NOTES, *DEMO_NOTES) if demo else NOTES


def _note(canvas: Any, number: int, text: str) -> None:
    x, y = (SIDE_MM + QR_MM + 3) * mm, 58 * mm - number * _FOOT.leading
    draw_string(canvas=canvas, text=text, x=x, y=y, style=_FOOT)


@lru_cache(maxsize=PLATES_MAX)
def _plate(copy: str, watermark: str, authority: str, demo: bool) -> Plate:
    """Return what certificates of one authority have in common, with the characters of labels."""
    width, top = A4

    def draw(canvas: Any) -> None:
        furniture.pale_text(canvas=canvas, width=width, height=top, text=watermark)
        canvas.setStrokeColor(_BORDER)
        for inset, line in ((12, 2.2), (14, 0.6)):
            canvas.setLineWidth(line)
            side = inset * mm
            canvas.rect(side, side, width - 2 * side, top - 2 * side)
        draw_string(canvas=canvas, text=TITLE, x=width / 2, y=top - 30 * mm, style=_TITLE)
        name = "（正本）" if copy == "ORIGINAL" else "（副本）"
        middle = _PLAIN.but(size=14, align="center")
        draw_string(canvas=canvas, text=name, x=width / 2, y=top - 38 * mm, style=middle)
        left = SIDE_MM * mm
        draw_string(canvas=canvas, text=GRANT, x=left, y=top - 54 * mm, style=_PLAIN)
        for number, note in enumerate(notes_of(demo)):
            _note(canvas, number, note)
        x, y = SEAL_X_MM * mm, SEAL_Y_MM * mm
        furniture.draw_seal(canvas=canvas, name=authority, x=x, y=y, demo=demo)
        # The longest names are set smaller rather than run over the border.
        office = _PLAIN.but(size=min(12, 74 * mm / max(len(authority), 1)), align="center")
        draw_string(canvas=canvas, text=authority, x=x, y=y + 4 * mm, style=office)

    labels = "".join(_LABELS).replace("\n", "")
    return plates.make(draw=draw, further=((fonts.PLAIN, labels + _OFTEN),))


def _certificate(canvas: Any, page: Page, facts: LicenseFacts, form: Form, digest: str) -> None:
    """Draw what is written into the plate: numbers, the form, the code and the day."""
    left, right, top = SIDE_MM * mm, page.width - SIDE_MM * mm, page.height
    number, machine = f"编号：{facts.number}", f"机器编码：{facts.machine_id}"
    far = _PLAIN.but(align="right")
    draw_string(canvas=canvas, text=number, x=left, y=top - 46 * mm, style=_PLAIN)
    draw_string(canvas=canvas, text=machine, x=right, y=top - 46 * mm, style=far)
    form.draw(canvas=canvas, x=left, y=top - TABLE_TOP_MM * mm)
    furniture.draw_qr(
        canvas=canvas, url=facts.verification_url, x=left, y=29 * mm, side=QR_MM * mm
    )
    for line, note in enumerate(facts.reissue_note.splitlines(), len(notes_of(facts.demo_seal))):
        _note(canvas, line, note)
    draw_string(
        canvas=canvas,
        text=long_date(facts.issued_at),
        x=SEAL_X_MM * mm,
        y=(SEAL_Y_MM - 4) * mm,
        style=_PLAIN.but(size=12, align="center"),
    )
    text = f"内容校验值 SHA-256：{digest}"
    draw_string(canvas=canvas, text=text, x=left, y=21 * mm, style=_TINY)
    place = status_place_of(facts.machine_id)
    url = f"查验地址：{facts.verification_url}  状态列表：{place.list} 第 {place.index} 项"
    draw_string(canvas=canvas, text=url, x=left, y=17.5 * mm, style=_TINY)
    if page.total > 1:
        label = f"第 {page.number} 页  共 {page.total} 页"
        small = _TINY.but(size=8, align="right")
        draw_string(canvas=canvas, text=label, x=right, y=17.5 * mm, style=small)


def _annex_page(canvas: Any, page: Page, facts: LicenseFacts) -> None:
    furniture.watermark(canvas=canvas, page=page, text=_watermark(facts))
    middle, top = page.width / 2, page.height
    title = Style(font=fonts.BOLD, size=16, align="center")
    draw_string(canvas=canvas, text=f"{TITLE}附页", x=middle, y=top - 30 * mm, style=title)
    text = f"本附页是{facts.number}许可证（{facts.machine_id}）的组成部分，与该证具有同等效力。"
    note = Style(size=10, align="center")
    draw_string(canvas=canvas, text=text, x=middle, y=top - 40 * mm, style=note)
    furniture.page_of(canvas, page)
