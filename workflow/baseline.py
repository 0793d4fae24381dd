"""What every installation needs before its first case: the system actor, rules, first versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

Installer = Callable[..., None]
_installers: dict[str, Installer] = {}


def register(name: str, installer: Installer) -> None:
    """Register an idempotent installer ``(*, at)``; in ``AppConfig.ready``."""
    if name in _installers:
        raise ValueError(f"baseline {name} is registered twice")
    _installers[name] = installer


def install_all(*, at: datetime) -> None:
    """Run every installer, in the order of registration, in one transaction."""
    with transaction.atomic():
        for installer in _installers.values():
            installer(at=at)
