"""From an HTTP request to a call, and from an answer to bytes. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from gateway.gate import Call
from gateway.reasons import Reason, wording

Headers = list[tuple[bytes, bytes]]
DATA_PATH = "/v1/data/"
QUERY_BYTES_MAX = 8_000
PARAMETERS_MAX = 60
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_RESERVED = ("fields", "limit", "cursor")


class Unreadable(Exception):
    """A request that cannot be read as a call; ``reason`` says what is wrong."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the call, its fingerprints, and how its client names it."""

    call: Call
    fields_hash: str
    query_hash: str
    request_id: str
    retry_of: str


def read(scope: dict[str, Any]) -> Request:
    """
    Return the request of an ASGI scope under DATA_PATH.

    :raises Unreadable: the method, the path or the parameters cannot be read.
    """
    headers = {name.lower(): value for name, value in scope["headers"]}
    code = scope["path"][len(DATA_PATH) :]
    if not _CODE.fullmatch(code):
        raise Unreadable(Reason.NOT_FOUND)
    if scope["method"] != "GET":
        raise Unreadable(Reason.METHOD_NOT_ALLOWED)
    parameters = _parameters(scope["query_string"])
    fields = parameters.pop("fields", None)
    wanted = None if fields is None else tuple(dict.fromkeys(fields.split(",")))
    limit, cursor = parameters.pop("limit", None), parameters.pop("cursor", None)
    client = scope.get("client") or ("", 0)
    call = Call(
        key_hash=_key_hash(headers.get(b"authorization", b"")),
        dataset=code.upper(),
        scenario=_text(headers.get(b"x-datadeed-scenario", b""))[:40],
        fields=wanted,
        filters=tuple(sorted(parameters.items())),
        limit=limit,
        cursor=cursor,
        address=str(client[0])[:45],
    )
    return Request(
        call=call,
        fields_hash=_hash(sorted(wanted) if wanted is not None else None),
        query_hash=_hash([call.dataset, wanted, call.filters, limit, cursor]),
        request_id=_name(headers.get(b"x-request-id", b"")),
        retry_of=_name(headers.get(b"x-retry-of", b"")),
    )


def unreadable(scope: dict[str, Any]) -> Request:
    """Return what can be put on record of a request that cannot be read."""
    client = scope.get("client") or ("", 0)
    code = re.sub(r"[^A-Za-z0-9_-]", "?", scope["path"][len(DATA_PATH) :])[:40]
    call = Call("", code.upper(), "", None, (), None, None, str(client[0])[:45])
    return Request(call, _hash(None), hashlib.sha256(scope["query_string"]).hexdigest(), "", "")


def problem(reason: Reason, *, detail: str, call_id: str) -> bytes:
    """Return the body of a refusal (RFC 9457), in both languages."""
    words = wording(reason)
    return json.dumps(
        {
            "type": f"urn:datadeed:gate:{reason}",
            "title": words.zh,
            "title_en": words.en,
            "status": words.status,
            "reason": str(reason),
            "detail": words.next_zh,
            "detail_en": words.next_en,
            "subject": detail,
            "call": call_id,
        },
        ensure_ascii=False,
    ).encode()


def problem_headers(reason: Reason, *, call_id: str) -> Headers:
    """Return the headers of a refusal."""
    headers = common_headers(b"application/problem+json", call_id=call_id)
    status = wording(reason).status
    if status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="datadeed"'))
    if status == 405:
        headers.append((b"allow", b"GET"))
    if status in (429, 503) and "QUOTA" not in reason:
        headers.append((b"retry-after", b"1"))
    return headers


def common_headers(content_type: bytes, *, call_id: str) -> Headers:
    """Return the headers of every answer."""
    return [
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-datadeed-call-id", call_id.encode()),
    ]


def _parameters(query: bytes) -> dict[str, str]:
    if len(query) > QUERY_BYTES_MAX:
        raise Unreadable(Reason.QUERY_INVALID)
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(query),
            errors="strict",
            max_num_fields=PARAMETERS_MAX,
        )
    except ValueError as error:
        raise Unreadable(Reason.QUERY_INVALID) from error
    # The same parameter twice could be read in two ways.
    if len({name for name, _ in pairs}) != len(pairs):
        raise Unreadable(Reason.QUERY_INVALID)
    if any("\x00" in name + value for name, value in pairs):
        raise Unreadable(Reason.QUERY_INVALID)
    return dict(pairs)


def _key_hash(header: bytes) -> str:
    scheme, _, key = header.partition(b" ")
    if scheme.lower() != b"bearer" or not key.strip():
        return ""
    return hashlib.sha256(key.strip()).hexdigest()


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def _text(header: bytes) -> str:
    text = header.decode("ascii", "replace").strip()
    return "".join(character for character in text if character.isprintable())


def _name(header: bytes) -> str:
    text = _text(header)
    return text if _NAME.fullmatch(text) else ""
