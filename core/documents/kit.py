"""
Build a PDF from a story: same facts, same bytes, on any machine, in any time zone.

The story is made twice: the first pass only counts the pages and notes where each heading falls,
so that "第 x 页 共 y 页" and a table of contents are true in the next.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import Flowable

from core import clock
from core.documents import fonts, plates
from core.documents.errors import FontsAbsent, InconsistentFacts, MissingGlyph
from core.documents.plates import Plate

__all__ = [
    "A4",
    "Document",
    "FontsAbsent",
    "Furniture",
    "InconsistentFacts",
    "Margins",
    "MissingGlyph",
    "Page",
    "Pages",
    "build",
    "build_page",
    "fingerprint",
    "register_fonts",
    "require",
    "sha256",
]
PRODUCER = "Datadeed"
# One to count, one to write; a table of contents that outgrows its page asks for a third.
PASSES_MAX = 4
# reportlab keeps the state of a font beside the font: two documents at once would mix theirs.
_one_at_a_time = threading.Lock()
register_fonts = fonts.register_fonts


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Margins of a page in millimetres; the defaults are those of GB/T 9704-2012 (type area)."""

    top_mm: float = 37
    right_mm: float = 26
    bottom_mm: float = 35
    left_mm: float = 28


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file says about itself. ``at`` is the aware moment of issue, never the clock."""

    title: str
    number: str
    author: str
    at: datetime
    version: str = ""
    subject: str = ""
    margins: Margins = Margins()
    later_margins: Margins | None = None

    def margins_of(self, page: int) -> Margins:
        """Return the margins of a page; the second and later ones may have their own."""
        return self.margins if page == 1 else (self.later_margins or self.margins)


@dataclass
class Pages:
    """What the first pass learnt: the number of pages, and the page of each heading."""

    total: int = 0
    headings: list[tuple[str, int]] = field(default_factory=list)

    def note(self, *, title: str, page: int) -> None:
        """Remember on which page a heading falls."""
        self.headings.append((title, page))


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page about to be drawn: which of how many, and its size in points."""

    number: int
    total: int
    width: float
    height: float
    document: Document

    @property
    def margins(self) -> Margins:
        """Return the margins of this page."""
        return self.document.margins_of(self.number)


Furniture = Callable[[Canvas, Page], None]
Story = Callable[[Pages, Pages], Sequence[Flowable]]


class _Counting(Canvas):
    def save(self) -> None:
        """Write nothing: the first pass only counts."""


def build(
    *,
    document: Document,
    story: Story,
    furniture: Furniture,
    later: Furniture | None = None,
    plate: Plate | None = None,
) -> bytes:
    """
    Lay out a story and return the finished PDF.

    ``story`` gets what the first pass learnt and the notes of its own pass, and gives fresh
    flowables; ``furniture`` draws on every page before the text, ``later`` (if given) takes its
    place from the second page on. ``plate`` is one that the furniture stamps.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    :raises FontsAbsent: the fonts are not installed.
    """
    _check(document)
    with _one_at_a_time:
        learnt, file = Pages(), io.BytesIO()
        for _pass in range(PASSES_MAX):
            noted, file = Pages(), io.BytesIO()
            noted.total = _lay_out(
                file=file,
                document=document,
                flowables=list(story(learnt, noted)),
                furniture=(furniture, later or furniture),
                total=learnt.total,
                plate=plate,
            )
            if noted == learnt:
                break
            learnt = noted
        return file.getvalue()


def build_page(*, document: Document, draw: Furniture, plate: Plate | None = None) -> bytes:
    """
    Draw a document of one page and return the finished PDF.

    ``plate`` is one that ``draw`` stamps.

    :raises MissingGlyph: a character cannot be drawn by any embedded font.
    :raises FontsAbsent: the fonts are not installed.
    """
    _check(document)
    width, height = A4
    file = io.BytesIO()
    canvas = _canvas_maker(document, Canvas, plate)(file)
    for name, value in _information(document).items():
        getattr(canvas, f"set{name.capitalize()}")(value)
    draw(canvas, Page(number=1, total=1, width=width, height=height, document=document))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def fingerprint(facts: Any) -> str:
    """Return the SHA-256 of a dataclass of facts in one canonical JSON form, in hexadecimal."""
    text = json.dumps(asdict(facts), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a finished document, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def require(true: bool, *, what: Any, **names: str) -> None:
    """
    Refuse facts that contradict each other.

    ``what`` is a lazily translated text, so that it is told in the reader's language.

    :raises InconsistentFacts: the condition does not hold.
    """
    if not true:
        raise InconsistentFacts(what=format_lazy(what, **names))


def _check(document: Document) -> None:
    if document.at.tzinfo is None:
        raise ValueError("a document is issued at an aware time")
    fonts.register_fonts()


def _information(document: Document) -> dict[str, str]:
    return {
        "title": document.title,
        "author": document.author,
        "subject": document.subject or document.title,
        "keywords": " ".join(filter(None, (document.number, document.version))),
        "creator": PRODUCER,
        "producer": PRODUCER,
    }


def _lay_out(
    *,
    file: io.BytesIO,
    document: Document,
    flowables: list[Flowable],
    furniture: tuple[Furniture, Furniture],
    total: int,
    plate: Plate | None,
) -> int:
    width, height = A4

    def decorate(canvas: Canvas, template: BaseDocTemplate) -> None:
        page = Page(
            number=template.page, total=total, width=width, height=height, document=document
        )
        canvas.saveState()
        furniture[0 if page.number == 1 else 1](canvas, page)
        canvas.restoreState()

    template = BaseDocTemplate(
        file,
        pagesize=A4,
        **_information(document),
        pageTemplates=[
            PageTemplate(
                id=name,
                frames=[_frame(document.margins_of(page))],
                onPage=decorate,
                pagesize=A4,
                autoNextPageTemplate="later",
            )
            for page, name in ((1, "first"), (2, "later"))
        ],
    )
    kind = Canvas if total else _Counting
    template.build(flowables, canvasmaker=_canvas_maker(document, kind, plate))
    return int(template.page)


def _frame(margins: Margins) -> Frame:
    width, height = A4
    return Frame(
        margins.left_mm * mm,
        margins.bottom_mm * mm,
        width - (margins.left_mm + margins.right_mm) * mm,
        height - (margins.top_mm + margins.bottom_mm) * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _canvas_maker(
    document: Document, kind: type[Canvas], plate: Plate | None
) -> Callable[..., Canvas]:
    def make(file: io.BytesIO, **_ignored: Any) -> Canvas:
        canvas = kind(
            file,
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            lang="zh-CN",
            initialFontName=fonts.BODY,
        )
        _date(canvas, document)
        if plate is not None:
            plates.begin(canvas=canvas, plate=plate)
        return canvas

    return make


def _date(canvas: Canvas, document: Document) -> None:
    # The date in the file is the date of issue; the identity of the file comes from what it is.
    # Neither may come from the clock or the environment, or a stored hash would not hold.
    pdf = canvas._doc
    local = document.at.astimezone(clock.SHANGHAI)
    pdf._timeStamp.YMDhms = local.timetuple()[:6]
    pdf._timeStamp.dhh, pdf._timeStamp.dmm = 8, 0
    identity = hashlib.sha256(
        "\n".join((document.title, document.number, document.version, local.isoformat())).encode()
    ).hexdigest()[:32]
    pdf._ID = f"\n[<{identity}><{identity}>]\n".encode()
