"""The license certificate as two other engines make it: the same words, rules, seal and code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from math import cos, pi, radians, sin
from pathlib import Path
from typing import Any

import segno
from django.conf import settings

from core.clock import SHANGHAI
from core.documents import fonts
from core.documents.chinese import long_date
from core.documents.furniture import DEMO_SEAL, QUIET_MODULES
from core.documents.kit import fingerprint
from licensing import documents
from licensing.documents import LicensedField, LicenseFacts
from licensing.numbers import status_place_of

FOLDERS = ("noto-sans-sc/400Regular", "noto-serif-sc/700Bold")
_PLACES = "滨湖梁溪惠山锡山新吴江阴宜兴太湖运河蠡园鼋头渚灵山梅园荡口清名桥"
_TRADES = ("征信科技", "供应链数据", "智慧交通", "医药研究", "金融信息", "环境监测", "物流服务")
AUTHORITY = "无锡市大数据管理局"
BASE = LicenseFacts(
    number="",
    machine_id="",
    licensee="",
    licensee_uscc="913202000000DEM185",
    provider="无锡市市场监督管理局",
    authority=AUTHORITY,
    dataset_code="D01",
    dataset_name="企业登记与变更增量",
    dataset_version="第1版",
    openness_class="有条件开放",
    sensitivity_level="一般数据2级（一般危害）",
    scenario="小微企业授信核验",
    purpose_class="产业发展",
    fields=(
        LicensedField(code="uscc", name="统一社会信用代码"),
        LicensedField(code="name", name="企业名称"),
        LicensedField(code="status", name="登记状态"),
        LicensedField(code="change_item", name="变更事项"),
        LicensedField(code="change_date", name="变更日期"),
    ),
    right_to_hold="不授予",
    right_to_use="限本应用场景内使用",
    right_to_operate="不授予",
    delivery="数据接口调用",
    quota="每月不超过400,000次，每日不超过20,000次",
    environment="自有系统，通过接口使用；网络安全等级保护不低于三级",
    region="境内存储和处理，不得出境",
    valid_from=date(2026, 10, 20),
    valid_to=date(2027, 10, 19),
    prohibitions=(
        "不得以任何形式向第三方转供、转让数据或者共用凭证。",
        "不得对数据进行重识别，不得恢复已脱敏的信息。",
        "仅限在本证载明的应用场景内使用，不得超范围使用。",
    ),
    fee_basis="按协议约定的价格目录第3版计费",
    agreement_number="",
    decision_number="",
    issued_at=datetime(2026, 10, 20, 9, 30, tzinfo=SHANGHAI),
    verification_url="",
    demo_seal=True,
)


def facts(number: int) -> LicenseFacts:
    """Return the facts of one certificate; each has another holder, number and code."""
    start = number % len(_PLACES)
    place = (_PLACES * 2)[start : start + 2]
    machine = f"WX-202610-3202-{number:07d}-7"
    return replace(
        BASE,
        number=f"锡数许〔2026〕{number:05d}号",
        machine_id=machine,
        licensee=f"{place}示例{_TRADES[number % len(_TRADES)]}有限公司",
        agreement_number=f"锡数协〔2026〕{number:05d}号",
        decision_number=f"锡数决〔2026〕{number + 19:05d}号",
        verification_url=f"https://data.example.cn/verify/{machine}",
    )


def code_of(url: str) -> list[list[int]]:
    """Return the modules of the code of a certificate."""
    return [[int(dark) for dark in row] for row in segno.make(url, error="m", micro=False).matrix]


def words_of(one: LicenseFacts) -> dict[str, Any]:
    """Return every text of the certificate, by where it stands."""
    place = status_place_of(one.machine_id)
    return {
        "title": documents.TITLE,
        "copy": "（正本）",
        "number": f"编号：{one.number}",
        "machine": f"机器编码：{one.machine_id}",
        "grant": documents.GRANT,
        "rows": [[text.split("\n") for text in row] for row in documents.rows_of(one)],
        "notes": documents.notes_of(one.demo_seal),
        "authority": one.authority,
        "day": long_date(one.issued_at),
        "demo": DEMO_SEAL,
        "digest": f"内容校验值 SHA-256：{fingerprint(one)}",
        "url": f"查验地址：{one.verification_url}  状态列表：{place.list} 第 {place.index} 项",
    }


class TypstPage:
    """Typst with its compiler kept, as a service would keep it."""

    def __init__(self) -> None:
        import typst

        self.compiler = typst.Compiler(
            input=str(Path(__file__).parent / "_license.typ"),
            font_paths=[str(Path(settings.DOCUMENT_FONTS_DIR) / folder) for folder in FOLDERS],
            ignore_system_fonts=True,
            sys_inputs={"facts": "{}"},
        )

    def render(self, one: LicenseFacts, code: Sequence[Sequence[int]]) -> bytes:
        """Return the page as PDF."""
        side = len(code) + 2 * QUIET_MODULES
        path = "".join(
            f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h1v1h-1z"
            for y, row in enumerate(code)
            for x, dark in enumerate(row)
            if dark
        )
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
            f'<path d="{path}"/></svg>'
        )
        told = json.dumps({**words_of(one), "code": svg}, ensure_ascii=False)
        made = self.compiler.compile(format="pdf", sys_inputs={"facts": told}, pdf_tags=False)
        assert isinstance(made, bytes)
        return made


class FpdfPage:
    """fpdf2, which reads its fonts anew for every document."""

    def render(self, one: LicenseFacts, code: Sequence[Sequence[int]]) -> bytes:
        """Return the page as PDF."""
        from fpdf import FPDF

        words = words_of(one)
        pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        folder = Path(settings.DOCUMENT_FONTS_DIR)
        pdf.add_font("plain", fname=folder / fonts.FILES[fonts.PLAIN])
        pdf.add_font("title", fname=folder / fonts.FILES[fonts.BOLD])
        pdf.add_page()
        _frame(pdf, words)
        _table(pdf, words)
        _foot(pdf, words, code)
        return bytes(pdf.output())


def _frame(pdf: Any, words: dict[str, Any]) -> None:
    pdf.set_draw_color(115, 13, 13)
    for inset, line in ((12, 0.78), (14, 0.21)):
        pdf.set_line_width(line)
        pdf.rect(inset, inset, 210 - 2 * inset, 297 - 2 * inset)
    pdf.set_text_color(115, 13, 13)
    _centred(pdf, words["title"], 105, 30, "title", 27)
    pdf.set_text_color(0)
    _centred(pdf, words["copy"], 105, 38, "plain", 14)
    pdf.set_font("plain", size=10.5)
    pdf.text(22, 46, words["number"])
    pdf.text(188 - pdf.get_string_width(words["machine"]), 46, words["machine"])
    pdf.text(22, 54, words["grant"])


def _table(pdf: Any, words: dict[str, Any]) -> None:
    from fpdf.fonts import FontFace

    pdf.set_xy(22, 58)
    pdf.set_draw_color(38)
    pdf.set_line_width(0.18)
    pdf.set_left_margin(22)
    grey = FontFace(fill_color=(240, 240, 240))
    columns = (25, 58, 25, 58)
    with pdf.table(
        col_widths=columns, width=166, line_height=5.4, padding=1.4, first_row_as_headings=False
    ) as table:
        for texts in words["rows"]:
            row = table.row()
            for number, lines in enumerate(texts):
                label, wide = number % 2 == 0, len(texts) == 2 and number == 1
                row.cell(
                    "\n".join(lines),
                    align="CENTER" if label else "LEFT",
                    colspan=3 if wide else 1,
                    style=grey if label else None,
                    v_align="MIDDLE",
                )


def _foot(pdf: Any, words: dict[str, Any], code: Sequence[Sequence[int]]) -> None:
    unit = documents.QR_MM / (len(code) + 2 * QUIET_MODULES)
    pdf.set_fill_color(0)
    for y, line in enumerate(code):
        for x, dark in enumerate(line):
            if dark:
                left, top = 22 + (x + QUIET_MODULES) * unit, 235 + (y + QUIET_MODULES) * unit
                pdf.rect(left, top, unit, unit, style="F")
    pdf.set_font("plain", size=8.5)
    for number, note in enumerate(words["notes"]):
        pdf.text(58, 239 + number * 4.6, note)
    _seal(pdf, words, 154, 254)
    pdf.set_text_color(0)
    _centred(pdf, words["authority"], 154, 250, "plain", 12)
    _centred(pdf, words["day"], 154, 258, "plain", 12)
    pdf.set_text_color(89)
    pdf.set_font("plain", size=6.5)
    pdf.text(22, 276, words["digest"])
    pdf.text(22, 279.5, words["url"])


def _seal(pdf: Any, words: dict[str, Any], x: float, y: float) -> None:
    pdf.set_draw_color(237, 92, 84)
    pdf.set_fill_color(237, 92, 84)
    pdf.set_text_color(237, 92, 84)
    pdf.set_line_width(1.2)
    pdf.circle(x, y, 19.2)
    corners = []
    for corner in range(10):
        reach, angle = (6.0 if corner % 2 == 0 else 2.3), -pi / 2 + corner * pi / 5
        corners.append((x + reach * cos(angle), y + reach * sin(angle)))
    pdf.polygon(corners, style="F")
    name = words["authority"]
    spread = 240.0
    for index, char in enumerate(name):
        turn = radians(-spread / 2 + index * spread / (len(name) - 1))
        at_x, at_y = x + 14.5 * sin(turn), y - 14.5 * cos(turn)
        with pdf.rotation(-turn * 180 / pi, at_x, at_y):
            _centred(pdf, char, at_x, at_y, "title", 13)
    _centred(pdf, words["demo"], x, y + 12, "title", 11)


def _centred(pdf: Any, text: str, x: float, y: float, font: str, size: float) -> None:
    pdf.set_font(font, size=size)
    pdf.text(x - pdf.get_string_width(text) / 2, y, text)
