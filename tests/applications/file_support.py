"""A form that asks for files, and files to put to it."""

from __future__ import annotations

from typing import Any

from applications import actions
from applications.models import AnswerFile, Application
from tests.applications.form_support import choice, field, publish, section, sign, submit
from tests.builders import applications as build
from tests.builders.applications import City

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PAPERS = section(
    "papers",
    choice("has_system", "YES", "NO"),
    field("plan", "FILE", required=True, files_max=2, megabytes_max=1, kinds=["PDF", "PNG"]),
    field("secret", "FILE", private=True),
    field("report", "FILE", visible_when={"field": "has_system", "values": ["YES"]}),
)


def pdf(text: str = "方案") -> bytes:
    """Return the bytes of a PDF that differ by the text."""
    return b"%PDF-1.7\n1 0 obj\n% " + text.encode() + b"\n"


def attach(
    city: City,
    case: Application,
    *,
    key: str = "plan",
    name: str = "方案.pdf",
    content: bytes | None = None,
    actor: Any = None,
    **more: Any,
) -> AnswerFile:
    """Put a file to a field as the agent."""
    return actions.attach_file(
        application_id=case.pk,
        field=key,
        name=name,
        content=pdf() if content is None else content,
        actor=actor or city.agent,
        at=build.SUBMITTED,
        **more,
    )


def remove(city: City, case: Application, file: AnswerFile, actor: Any = None) -> Application:
    """Take a file away as the agent."""
    return actions.remove_file(
        application_id=case.pk, file_id=file.pk, actor=actor or city.agent, at=build.SUBMITTED
    )


def drafted(city: City) -> Application:
    """Return a draft, complete but for the files its form asks for."""
    publish(city, PAPERS)
    return build.drafted(city)


def submitted(city: City) -> Application:
    """Return a case that was handed in with a plan and with a private file."""
    draft = drafted(city)
    attach(city, draft)
    attach(city, draft, key="secret", name="内情.pdf", content=pdf("内情"))
    return submit(city, sign(city, draft))


def returned(city: City, case: Application, *, section_key: str = "papers") -> Application:
    """Send a case back for one section."""
    defect = {"section": section_key, "item": "附件", "problem": "不清晰", "required": "重新提供"}
    return actions.request_correction(
        application_id=case.pk, defects=[defect], actor=city.case, at=build.SUBMITTED
    )


def resubmit(city: City, case: Application) -> Application:
    """Hand a corrected case in again."""
    sign(city, case)
    return actions.resubmit_application(
        application_id=case.pk, answers={"1": "已更正"}, actor=city.agent, at=build.SUBMITTED
    )
