"""The base of every subject with a state machine."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMFieldMixin

# Where a subject keeps the row it was read from, so that a step writes what differs.
ROW_AS_READ = "_row_as_read"
# Where it keeps what was asked of its rights in the statement that locked it.
AS_LOCKED = "_as_locked"


@cache
def _state_fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.fields if isinstance(field, FSMFieldMixin))


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
        self._forget_reading()
        super().save(*args, **kwargs)

    @property
    def state_fields(self) -> tuple[Any, ...]:
        """The fields that are states; looked for once per class, as every row read asks."""
        return _state_fields(type(self))

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again; the protected state gives way to what the database says."""
        self._forget_reading()
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(*args, **kwargs)
        if hasattr(self, "_update_initial_state"):
            self._update_initial_state()

    def _forget_reading(self) -> None:
        self.__dict__.pop(ROW_AS_READ, None)
        self.__dict__.pop(AS_LOCKED, None)
