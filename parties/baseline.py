"""What parties need before the first case: the system actor."""

from __future__ import annotations

from datetime import datetime

from parties.models import User

SYSTEM_USERNAME = "system"


def install(*, at: datetime) -> None:
    """Create the system actor; it has no password and cannot sign in."""
    if User.objects.filter(is_system=True).exists():
        return
    User.objects.create_user(
        username=SYSTEM_USERNAME,
        password=None,
        full_name="系统",
        is_system=True,
        is_active=False,
        created_at=at,
    )
