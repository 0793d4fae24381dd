"""The base of every subject with a state machine."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin


class StateModel(ConcurrentTransitionMixin, models.Model):
    """
    A subject that has a protected ``state`` and is moved by ``workflow.transitions.perform`` only.

    Its subclasses declare ``State``, ``state`` and their transitions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again; the protected state gives way to what the database says."""
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(*args, **kwargs)
        if hasattr(self, "_update_initial_state"):
            self._update_initial_state()
