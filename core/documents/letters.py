"""
The official letter: red head, number, title, addressee, text, seal over the date, copies.

Source: GB/T 9704-2012 for the order of the parts; docs/sources.md#official-letter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reportlab.platypus.flowables import Flowable

from core.documents import fonts, furniture, parts
from core.documents.chinese import long_date
from core.documents.kit import Document, Margins, Page, build
from core.documents.typeset import Text

LETTER_WIDTH_MM = 156
RECORD_WIDTH_MM = 166
RECORD_MARGINS = Margins(top_mm=26, right_mm=22, bottom_mm=24, left_mm=22)


@dataclass(frozen=True, kw_only=True)
class LetterHead:
    """What every letter of an authority says around its text."""

    authority: str
    number: str
    title: str
    addressee: str
    issued_at: datetime
    demo_seal: bool
    copies_to: tuple[str, ...] = ()
    watermark: str = ""
    url: str = ""
    url_caption: str = ""


def render_letter(*, head: LetterHead, body: Callable[[], Sequence[Flowable]]) -> bytes:
    """
    Set an official letter and return the PDF.

    ``body`` gives fresh flowables each time it is called.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """
    fonts.check_glyphs(head)

    def story(*_passes: Any) -> list[Flowable]:
        found: list[Flowable] = [
            furniture.RedHead(authority=head.authority, number=head.number),
            Text(head.title, parts.TITLE),
        ]
        if head.addressee:
            found.append(Text(f"{head.addressee}：", parts.ADDRESSEE))
        text = list(body())
        # The seal never stands on a page of its own: the last paragraph goes with it, and so
        # does the heading of that paragraph.
        cut = -2 if len(text) > 1 and isinstance(text[-2], parts.Heading) else -1
        return [*found, *text[:cut], parts.together(*text[cut:], *_end(head))]

    def around(canvas: Any, page: Page) -> None:
        furniture.watermark(canvas=canvas, page=page, text=head.watermark)
        furniture.official(canvas, page)

    document = Document(
        title=head.title.replace("\n", ""),
        number=head.number,
        author=head.authority,
        at=head.issued_at,
        subject=f"{head.addressee} {head.number}".strip(),
        later_margins=Margins(top_mm=30),
    )
    return build(document=document, story=story, furniture=around)


def render_record(
    *,
    document: Document,
    title: str,
    body: Callable[[], Sequence[Flowable]],
    watermark: str = "",
) -> bytes:
    """
    Set a working record (minutes, verification, statement) as a PDF.

    The number stands under the title, the running head and 第 x 页 共 y 页 on every page.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    """

    def story(*_passes: Any) -> list[Flowable]:
        return [
            Text(title, parts.TITLE.but(size=20, leading=30, before=0, after=4)),
            Text(f"编号：{document.number}", parts.PLAIN.but(align="center", size=11, after=8)),
            *body(),
        ]

    def around(canvas: Any, page: Page) -> None:
        furniture.watermark(canvas=canvas, page=page, text=watermark)
        furniture.running(canvas, page)

    return build(document=document, story=story, furniture=around)


def _end(head: LetterHead) -> list[Flowable]:
    end: list[Flowable] = [
        parts.gap(4),
        furniture.SignOff(
            authority=head.authority,
            day=long_date(head.issued_at),
            demo=head.demo_seal,
            url=head.url,
            caption=head.url_caption,
        ),
    ]
    if head.copies_to:
        text = f"抄送：{'、'.join(head.copies_to)}。"
        end += [parts.gap(8), furniture.Ruled(Text(text, parts.PLAIN.but(size=14, leading=22)))]
    return end
