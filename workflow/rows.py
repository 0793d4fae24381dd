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

from core.fsm import ROW_AS_READ

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The columns of a class in order, and its two statements."""

    fields: tuple[models.Field[Any, Any], ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    read: tuple[Any, ...]
    lock: str
    store: str
    nothing: str


def lock(model: type[M], pk: Any) -> M | None:
    """
    Return one row, locked until the transaction ends, or None.

    The lock leaves rows that refer to this one free to come (``FOR NO KEY UPDATE``).
    """
    assert connection.in_atomic_block, "a lock needs an open transaction"
    shape = _shape(model)
    with prepared() as cursor:
        cursor.execute(shape.lock, [model._meta.pk.get_db_prep_value(pk, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    values = [
        value if read is None else read(value, None, connection)
        for read, value in zip(shape.read, row, strict=True)
    ]
    found = model.from_db(connection.alias, shape.names, values)
    found.__dict__[ROW_AS_READ] = row
    return found


def store_statement(subject: models.Model, *, was: str) -> tuple[str, list[Any]]:
    """
    Return the UPDATE of a row that is in state ``was``, and its values.

    A subject that was read by ``lock`` writes what differs from what was read, changes inside JSON
    values included; any other writes every column. Whoever runs it asks that one row was written,
    else the subject moved meanwhile.
    """
    shape = _shape(type(subject))
    read = subject.__dict__.get(ROW_AS_READ)
    changed, values = [], []
    for place, field in enumerate(shape.fields):
        value = field.pre_save(subject, False)
        if read is not None and _is_unchanged(value, read[place], shape.read[place]):
            continue
        changed.append(shape.columns[place])
        values.append(field.get_db_prep_save(value, connection))
    # A step that changes no column still asks that the row is where it was.
    changes = ", ".join(f"{column} = %s" for column in changed) or shape.nothing
    return shape.store.format(changes), [*values, subject.pk, was]


def prepared() -> Any:
    """Open a cursor whose statements the server keeps prepared; for those of every step."""
    return connection.prepared_cursor()  # type: ignore[attr-defined]  # of our own engine


def _is_unchanged(value: Any, read: Any, convert: Any) -> bool:
    if convert is None:
        return bool(value == read)
    return bool(value == convert(read, None, connection))


@cache
def _shape(model: type[models.Model]) -> _Shape:
    meta: Any = model._meta
    quote = connection.ops.quote_name
    assert not meta.parents, "a subject has one table"
    assert meta.concrete_fields[0].primary_key, "the key comes first"
    key = meta.concrete_fields[0]
    columns = tuple(quote(f.column) for f in meta.concrete_fields)
    table, state = quote(meta.db_table), quote(meta.get_field("state").column)
    return _Shape(
        fields=tuple(meta.concrete_fields),
        names=tuple(f.attname for f in meta.concrete_fields),
        columns=columns,
        read=tuple(getattr(f, "from_db_value", None) for f in meta.concrete_fields),
        lock=f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608
        f" WHERE {quote(key.column)} = %s FOR NO KEY UPDATE",
        store=f"UPDATE {table} SET {{}} WHERE {quote(key.column)} = %s AND {state} = %s",  # noqa: S608
        nothing=f"{state} = {state}",
    )
