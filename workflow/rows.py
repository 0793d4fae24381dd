"""
One row of one subject, locked and stored by statements that are built once per class.

Every step of the product locks its subject, and ends in storing it. The ORM would build both
statements anew each time, which costs more than the database takes to run them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The columns of a class in order, and its two statements."""

    fields: tuple[models.Field[Any, Any], ...]
    names: tuple[str, ...]
    read: tuple[Any, ...]
    lock: str
    store: str


def lock(model: type[M], pk: Any) -> M | None:
    """
    Return one row, locked until the transaction ends, or None.

    The lock leaves rows that refer to this one free to come (``FOR NO KEY UPDATE``).
    """
    assert connection.in_atomic_block, "a lock needs an open transaction"
    shape = _shape(model)
    with connection.cursor() as cursor:
        cursor.execute(shape.lock, [model._meta.pk.get_db_prep_value(pk, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    values = [
        value if read is None else read(value, None, connection)
        for read, value in zip(shape.read, row, strict=True)
    ]
    return model.from_db(connection.alias, shape.names, values)


def store_statement(subject: models.Model, *, was: str) -> tuple[str, list[Any]]:
    """
    Return the UPDATE of every column of a row that is in state ``was``, and its values.

    Whoever runs it asks that one row was written, else the subject moved meanwhile.
    """
    shape = _shape(type(subject))
    values = [
        field.get_db_prep_save(field.pre_save(subject, False), connection)
        for field in shape.fields
    ]
    return shape.store, [*values, subject.pk, was]


@cache
def _shape(model: type[models.Model]) -> _Shape:
    meta: Any = model._meta
    quote = connection.ops.quote_name
    assert not meta.parents, "a subject has one table"
    every, table = meta.concrete_fields, quote(meta.db_table)
    written = tuple(f for f in every if not f.primary_key)
    columns = ", ".join(quote(f.column) for f in every)
    changes = ", ".join(f"{quote(f.column)} = %s" for f in written)
    key = quote(meta.pk.column)
    state = quote(meta.get_field("state").column) if hasattr(model, "state") else ""
    return _Shape(
        fields=written,
        names=tuple(f.attname for f in every),
        read=tuple(getattr(f, "from_db_value", None) for f in every),
        lock=f"SELECT {columns} FROM {table} WHERE {key} = %s FOR NO KEY UPDATE",  # noqa: S608
        store=f"UPDATE {table} SET {changes} WHERE {key} = %s AND {state} = %s",  # noqa: S608
    )
