"""The base of every subject with a state machine."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin

# Where a subject keeps the row it was read from, so that a step writes what differs.
ROW_AS_READ = "_row_as_read"


class StateModel(ConcurrentTransitionMixin, models.Model):
    """
    A subject that has a protected ``state`` and is moved by ``workflow.transitions.perform`` only.

    Its subclasses declare ``State``, ``state`` and their transitions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; what was read before is no measure any more."""
        self.__dict__.pop(ROW_AS_READ, None)
        super().save(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again; the protected state gives way to what the database says."""
        self.__dict__.pop(ROW_AS_READ, None)
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(*args, **kwargs)
        if hasattr(self, "_update_initial_state"):
            self._update_initial_state()
