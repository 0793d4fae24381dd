"""
The statement as a workbook whose figures can be added up; the same facts give the same bytes.

Source: docs/sources.md#statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.money import to_yuan
from settlement.documents import StatementFacts

MONEY, COUNT = "#,##0.00", "#,##0.######"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_COLUMN_WIDTH = 22


def workbook(facts: StatementFacts) -> bytes:
    """Set a statement as XLSX: summary, lines, usage, split and fees."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = facts.issuer
    book.properties.title = facts.number
    book.properties.created = facts.issued_at.astimezone(UTC).replace(tzinfo=None)
    _sheet(book, "对账单", ("项目", "内容"), _summary(facts))
    _sheet(
        book,
        "计费明细",
        ("编号", "费用类型", "计价说明", "数量", "单位", "单价（元）", "金额（元，含税）"),
        [
            (
                one.dataset_code,
                one.fee_type,
                one.description,
                one.quantity,
                one.unit,
                one.unit_price,
                to_yuan(one.gross_fen),
            )
            for one in facts.lines
        ],
    )
    _sheet(
        book,
        "用量",
        ("编号", "数据集", "计费调用", "服务端错误", "重试", "拒绝"),
        [
            (u.dataset_code, u.dataset_name, u.billable, u.server_errors, u.retries, u.refused)
            for u in facts.usage
        ],
    )
    _sheet(
        book,
        "收入分配",
        ("分配对象", "科目", "比例", "金额（元）"),
        [(s.party, s.account, s.share, to_yuan(s.amount_fen)) for s in facts.split],
    )
    _sheet(
        book,
        "其他费用",
        ("费用", "计算依据", "金额（元）"),
        [(fee.name, fee.basis, to_yuan(fee.amount_fen)) for fee in facts.fees],
    )
    return _frozen(book, stamp=facts.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _summary(facts: StatementFacts) -> list[tuple[str, Any]]:
    return [
        ("对账单编号", facts.number),
        ("付款单位", facts.buyer),
        ("统一社会信用代码", facts.buyer_uscc),
        ("开单单位", facts.issuer),
        ("协议编号", facts.agreement_number),
        ("许可证编号", "、".join(facts.license_numbers)),
        ("结算期间起", facts.period_from),
        ("结算期间止", facts.period_to),
        ("确认期限", facts.confirm_by),
        ("付款期限", facts.pay_by),
        ("期初余额（元）", to_yuan(facts.opening_fen)),
        ("数据使用费（元，含税）", to_yuan(facts.gross_fen)),
        ("不含税金额（元）", to_yuan(facts.net_fen)),
        ("增值税额（元）", to_yuan(facts.vat_fen)),
        ("其他费用（元）", to_yuan(sum(fee.amount_fen for fee in facts.fees))),
        ("应付金额（元）", to_yuan(facts.payable_fen)),
        ("分配规则", facts.split_policy),
        ("计量记录校验值", facts.meter_sha256),
    ]


def _sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(head))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                # A name that begins with "=" stays a name.
                cell.data_type = "s"
            elif isinstance(cell.value, Decimal):
                # An amount has two decimals; a quantity or a price has as many as it needs.
                money = cell.value.as_tuple().exponent == -2
                cell.number_format = MONEY if money else COUNT
    sheet.freeze_panes = "A2"
    for number in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH


def _frozen(book: Workbook, *, stamp: str) -> bytes:
    """Return the bytes of a workbook without the moment at which they were written."""
    written, frozen = BytesIO(), BytesIO()
    book.save(written)
    with ZipFile(written) as source, ZipFile(frozen, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + stamp.encode() + rb"\g<2>", content)
            entry = ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return frozen.getvalue()
