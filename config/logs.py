"""Logs: one JSON object per line for machines, one plain line for people, never a secret."""

from __future__ import annotations

import re
from typing import Any

import structlog

HIDDEN = "[hidden]"
SECRET_NAME = re.compile(
    r"passw|secret|token|authorization|cookie|api_?key|credential_value|otp", re.IGNORECASE
)
# Our bearer secrets and database addresses, should one stand in the middle of a sentence.
SECRET_TEXT = re.compile(r"(?i)(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}|(?<=://)[^\s/@:]+:[^\s/@]+@")


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with the value of every field that sounds like a secret hidden."""
    return {name: _hide(name, value) for name, value in event.items()}


def _hide(name: str, value: Any) -> Any:
    if SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return SECRET_TEXT.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {key: _hide(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hide("", inner) for inner in value]
    return value


def build_config(*, form: str, level: str) -> dict[str, Any]:
    """Return the ``LOGGING`` setting and set structlog up to write through it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    writer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "plain":
        writer = structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "entry": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    writer,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "entry"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
