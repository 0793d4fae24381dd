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
    # Fields that have a say when they are stored, such as a time of the last change.
    asked: tuple[bool, ...]
    lock: str
    store: str
    nothing: str


def lock(model: type[M], pk: Any) -> M | None:
    """
    Return one row, locked until the transaction ends, or None.

    The lock leaves rows that refer to this one free to come (``FOR NO KEY UPDATE``).
    """
    assert connection.in_atomic_block, "a lock needs an open transaction"
    with prepared() as cursor:
        cursor.execute(_shape(model).lock, [_key(model, pk)])
        row = cursor.fetchone()
    return None if row is None else _subject_of(model, row)


def lock_free(
    model: type[M], pk: Any, *, asked: str, values: list[Any]
) -> tuple[M, tuple[Any, ...]] | None:
    """
    Return one row that nobody else has locked, locked, with what was asked in the same statement.

    ``asked`` are SQL expressions, which may name columns of the row as ``locked.…``; they are
    worked out when the lock is held. None where there is no such row, or where one had to wait for
    it: what was asked would then be told as of before the wait.
    """
    assert connection.in_atomic_block, "a lock needs an open transaction"
    shape = _shape(model)
    with prepared() as cursor:
        cursor.execute(
            f"WITH locked AS ({shape.lock} SKIP LOCKED) SELECT locked.*, {asked} FROM locked",  # noqa: S608
            [_key(model, pk), *values],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return _subject_of(model, row[: len(shape.fields)]), row[len(shape.fields) :]


def _key(model: type[M], pk: Any) -> Any:
    return model._meta.pk.get_db_prep_value(pk, connection)


def _subject_of(model: type[M], row: tuple[Any, ...]) -> M:
    shape = _shape(model)
    values = [
        value if read is None else read(value, None, connection)
        for read, value in zip(shape.read, row, strict=True)
    ]
    found = model.from_db(connection.alias, shape.names, values)
    found.__dict__[ROW_AS_READ] = (row, values)
    return found


def store_statement(subject: models.Model, *, was: str) -> tuple[str, list[Any]]:
    """
    Return the UPDATE of a row that is in state ``was``, and its values.

    A subject that was read by ``lock`` writes what differs from what was read, changes inside JSON
    values included; any other writes every column. Whoever runs it asks that one row was written,
    else the subject moved meanwhile.
    """
    shape = _shape(type(subject))
    row, read = subject.__dict__.get(ROW_AS_READ) or (None, ())
    changed, values = [], []
    here = subject.__dict__
    for place, field in enumerate(shape.fields):
        value = field.pre_save(subject, False) if shape.asked[place] else here[shape.names[place]]
        convert = shape.read[place]
        if row is not None:
            if convert is None or row[place] is None:
                if value is read[place] or value == read[place]:
                    continue
            # What was read may have been changed inside: it is read anew and compared.
            elif value == convert(row[place], None, connection):
                continue
        changed.append(shape.columns[place])
        values.append(field.get_db_prep_save(value, connection))
    # A step that changes no column still asks that the row is where it was.
    changes = ", ".join(f"{column} = %s" for column in changed) or shape.nothing
    return shape.store.format(changes), [*values, subject.pk, was]


def prepared() -> Any:
    """Open a cursor whose statements the server keeps prepared; for those of every step."""
    return connection.prepared_cursor()  # type: ignore[attr-defined]  # of our own engine


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
        asked=tuple(type(f).pre_save is not models.Field.pre_save for f in meta.concrete_fields),
        lock=f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608
        f" WHERE {quote(key.column)} = %s FOR NO KEY UPDATE",
        store=f"UPDATE {table} SET {{}} WHERE {quote(key.column)} = %s AND {state} = %s",  # noqa: S608
        nothing=f"{state} = {state}",
    )
