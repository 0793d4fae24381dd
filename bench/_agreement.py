"""
One agreement of eighty pages, made by one engine in a process of its own.

``python -m bench._agreement ENGINE`` prints pages, bytes, processor seconds of the second document
(the first loads the fonts) and the peak memory of the process.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

DATASETS, FIELDS, CLAUSES = 30, 55, 30
PARAGRAPHS = (
    "乙方应当按照本协议约定的数据范围、用途和期限使用数据，不得以任何形式向第三方转供、转让数据或者共用凭证，"
    "不得对数据进行重识别，不得恢复已脱敏的信息。",
    "发生或者可能发生数据泄露、篡改、丢失的，乙方应当立即采取补救措施，并在24小时内书面报告甲方和主管部门，"
    "配合调查处理；造成损失的，依法承担赔偿责任。",
    "本协议终止后15个工作日内，乙方应当销毁全部数据及其副本、备份和中间结果，并提交由经办人和见证人签字的销毁证明。",
)


def facts(number: int) -> Any:
    """Return the facts of an agreement on many datasets."""
    from contracts import documents
    from core.clock import SHANGHAI

    digest = f"{number:02x}" * 32
    names = ("无锡市市场监督管理局", f"锡城示例征信科技有限公司第{number}分公司")
    rows = tuple(
        (f"D{dataset:02d}", f"第{field}项登记与变更事项", f"field_{dataset}_{field}", "原值")
        for dataset in range(1, DATASETS + 1)
        for field in range(1, FIELDS + 1)
    )
    return documents.AgreementFacts(
        title="有条件开放公共数据利用协议",
        number=f"锡数协〔2026〕{number:05d}号",
        version="第1版",
        template_version="P1-2026.1",
        authority="无锡市大数据管理局",
        parties=tuple(
            documents.AgreementParty(role=role, name=name, uscc=uscc, representative="沈砚")
            for role, name, uscc in zip(
                ("甲方", "乙方"), names, ("113202000000DEM001", "913202000000DEM185"), strict=True
            )
        ),
        recitals=("各方遵循平等、自愿、公平和诚实信用原则，经协商一致，订立本协议。",),
        clauses=tuple(
            documents.Clause(title=f"约定事项之{n}", paragraphs=PARAGRAPHS * 3)
            for n in range(1, CLAUSES + 1)
        ),
        amounts=(documents.AgreedAmount(label="保证金", amount_fen=5_000_050),),
        annexes=(
            documents.Annex(
                title="数据范围与脱敏规则",
                head=("数据集", "字段名称", "字段代码", "脱敏规则"),
                rows=rows,
                widths=(2, 5, 4, 3),
            ),
        ),
        signatures=tuple(
            documents.Signature(role=role, name=name)
            for role, name in zip(("甲方", "乙方"), names, strict=True)
        ),
        terms_sha256=digest,
        effective_from=date(2026, 10, 20),
        effective_to=date(2027, 10, 19),
        issued_at=datetime(2026, 10, 20, 9, 30, tzinfo=SHANGHAI),
        demo_seal=True,
    )


def own() -> Callable[[int], bytes]:
    """Return our renderer."""
    from contracts.documents import render_agreement

    return lambda number: render_agreement(facts(number))


def platypus() -> Callable[[int], bytes]:
    """Return reportlab with its own paragraphs, tables, contents and fonts, as its manual says."""
    from reportlab import rl_config
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics, ttfonts

    from core.documents import fonts

    folder = _fonts()
    # Other names than ours, so that these are the fonts of reportlab.
    for name, font in (("raw", fonts.BODY), ("raw-head", fonts.HEAD)):
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(folder / fonts.FILES[font])))
    rl_config.canvas_basefontname = "raw"
    body = ParagraphStyle("body", fontName="raw", fontSize=12, leading=21, wordWrap="CJK")
    cell = ParagraphStyle("cell", body, fontSize=10, leading=15)
    head = ParagraphStyle("head", body, fontName="raw-head", fontSize=13, spaceBefore=12)
    return lambda number: _platypus(facts(number), body, cell, head)


def _platypus(one: Any, body: Any, cell: Any, head: Any) -> bytes:
    from reportlab.lib.units import mm
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        PageBreak,
        PageTemplate,
        Paragraph,
        Table,
    )
    from reportlab.platypus.tableofcontents import TableOfContents

    class Template(BaseDocTemplate):  # type: ignore[misc]
        def afterFlowable(self, flowable: Any) -> None:  # noqa: N802
            if getattr(flowable, "style", None) is head:
                self.notify("TOCEntry", (0, flowable.getPlainText(), self.page))

    def decorate(canvas: Any, template: Any) -> None:
        canvas.setFont("raw", 9)
        canvas.drawString(22 * mm, 275 * mm, f"{one.title}  {one.number} {one.version}")
        canvas.drawCentredString(105 * mm, 15 * mm, f"第 {template.page} 页")

    contents = TableOfContents()
    contents.levelStyles = [body]
    story: list[Any] = [Paragraph(one.title, head), PageBreak(), contents, PageBreak()]
    for number, clause in enumerate(one.clauses, 1):
        story.append(Paragraph(f"第{number}条  {clause.title}", head))
        story += [
            Paragraph(f"{number}.{index}  {text}", body)
            for index, text in enumerate(clause.paragraphs, 1)
        ]
    [annex] = one.annexes
    rows = [[Paragraph(text, cell) for text in row] for row in (annex.head, *annex.rows)]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONTNAME", (0, 0), (-1, -1), "raw"),
        ("TOPPADDING", (0, 0), (-1, -1), 4.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ]
    widths = [share * 166 * mm / sum(annex.widths) for share in annex.widths]
    story += [Paragraph(annex.title, head), Table(rows, widths, repeatRows=1, style=style)]
    story += [PageBreak(), Paragraph("签署页", head)]
    file = io.BytesIO()
    template = Template(file, invariant=1)
    frame = Frame(22 * mm, 24 * mm, 166 * mm, 247 * mm, 0, 0, 0, 0)
    template.addPageTemplates([PageTemplate(frames=[frame], onPage=decorate)])
    template.multiBuild(story)
    return file.getvalue()


def typst() -> Callable[[int], bytes]:
    """Return typst with its compiler kept."""
    import typst as engine

    compiler = engine.Compiler(
        input=str(Path(__file__).parent / "_agreement.typ"),
        font_paths=[
            str(_fonts() / "noto-serif-sc/400Regular"), str(_fonts() / "noto-sans-sc/700Bold")
        ],
        ignore_system_fonts=True,
        sys_inputs={"facts": "{}"},
    )  # fmt: skip

    def make(number: int) -> bytes:
        one = facts(number)
        told = {
            "title": one.title,
            "number": f"{one.number} {one.version}",
            "clauses": [[clause.title, clause.paragraphs] for clause in one.clauses],
            "annex": [one.annexes[0].head, *one.annexes[0].rows],
            "annex_title": one.annexes[0].title,
        }
        words = json.dumps(told, ensure_ascii=False)
        made = compiler.compile(format="pdf", sys_inputs={"facts": words}, pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    return make


def _fonts() -> Path:
    from django.conf import settings

    return Path(settings.DOCUMENT_FONTS_DIR)


def main() -> None:
    """Make two agreements and tell what the second cost."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    make = {"own": own, "platypus": platypus, "typst": typst}[sys.argv[1]]()
    make(1)
    began = time.process_time()
    content = make(2)
    seconds = time.process_time() - began
    from pypdf import PdfReader

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages = len(PdfReader(io.BytesIO(content)).pages)
    told = {"seconds": seconds, "peak": peak, "pages": pages, "bytes": len(content)}
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_bytes(content)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
