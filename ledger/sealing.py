"""
Hash blocks: a chain over the order, the ids and the whole content of the journals.

A block keeps the hash of each of its journals, so that the verifier can name the one that was
changed and not only the block. Blocks are sealed apart from posting, which stays free of any
lock on the whole ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from psycopg.errors import LockNotAvailable
from sqlalchemy import BigInteger, Connection, func, insert, literal, select
from sqlalchemy.exc import OperationalError

from core.hashing import canonical_json, digest, digest_of
from ledger import store
from ledger.engine import ledger_tx
from ledger.errors import LedgerBusy
from ledger.journal import PostedJournal
from ledger.tables import hash_block

BLOCK_JOURNALS_MAX = 1000
LEAF_BYTES = 32
# Shorter than PostgreSQL's own search for deadlocks, so that sealing gives way, never a posting.
LOCK_WAIT_MS_MAX = 500
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Block:
    """One link of the chain; ``leaves`` are the hashes of its journals, in order."""

    number: int
    sequence_from: int
    sequence_to: int
    leaves: bytes
    previous_hash: str
    hash: str


def seal() -> int:
    """
    Seal every journal posted so far into blocks; return how many blocks were added.

    :raises LedgerBusy: postings under way did not end in time; nothing was sealed.
    """
    with ledger_exclusive() as conn:
        return seal_all(conn)


def seal_all(conn: Connection) -> int:
    """Seal within an exclusive transaction that the caller holds; return the blocks added."""
    last = last_block(conn)
    count = 0
    end = store.last_sequence(conn)
    while True:
        page = store.read_page(
            conn,
            after_sequence=last.sequence_to if last else 0,
            to_sequence=end,
            rows_max=BLOCK_JOURNALS_MAX,
        )
        if not page:
            return count
        last = _next_block(last, page)
        conn.execute(
            insert(hash_block).values(
                number=last.number, sequence_from=last.sequence_from,
                sequence_to=last.sequence_to, leaves=last.leaves,
                previous_hash=last.previous_hash, hash=last.hash,
            )
        )
        count += 1


def last_block(conn: Connection) -> Block | None:
    """Return the newest block, if there is one."""
    row = conn.execute(
        select(*_COLUMNS).order_by(hash_block.c.number.desc()).limit(1)
    ).one_or_none()
    return Block(*row) if row else None


def read_block(conn: Connection, *, number: int) -> Block | None:
    """Return one block, if there is one of this number."""
    row = conn.execute(select(*_COLUMNS).where(hash_block.c.number == number)).one_or_none()
    return Block(*row) if row else None


def leaf(*, journal: PostedJournal) -> bytes:
    """Return the hash of everything a journal says, its place and its time of posting included."""
    facts = {
        "sequence": journal.sequence,
        "id": journal.id,
        "key": journal.key,
        "payload_hash": journal.payload_hash,
        "template": journal.template,
        "description": journal.description,
        "effective_on": journal.effective_on,
        "posted_at": journal.posted_at.astimezone(UTC),
        "reference": journal.reference,
        "corrects": journal.corrects_id,
        "is_reversal": journal.is_reversal,
        "legs": [(one.account, one.amount_fen, one.balance_after_fen) for one in journal.legs],
    }
    return bytes.fromhex(digest(canonical_json(facts)))


def block_hash(*, block: Block) -> str:
    """Return the hash a block must carry."""
    return digest_of(
        {
            "number": block.number,
            "sequence_from": block.sequence_from,
            "sequence_to": block.sequence_to,
            "leaves": digest(block.leaves),
            "previous_hash": block.previous_hash,
        }
    )


@contextmanager
def ledger_exclusive() -> Iterator[Connection]:
    """
    Open a transaction that no posting runs beside; postings under way are waited for briefly.

    :raises LedgerBusy: they did not end within LOCK_WAIT_MS_MAX.
    """
    try:
        with ledger_tx() as conn:
            before = conn.execute(select(func.current_setting("lock_timeout"))).scalar_one()
            _set_lock_timeout(conn, f"{LOCK_WAIT_MS_MAX}ms")
            lock = func.pg_advisory_xact_lock(literal(store.LEDGER_LOCK, BigInteger))
            conn.execute(select(lock)).all()
            _set_lock_timeout(conn, before)
            yield conn
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise LedgerBusy from error
        raise


def _set_lock_timeout(conn: Connection, value: str) -> None:
    conn.execute(select(func.set_config("lock_timeout", value, True))).all()


def _next_block(last: Block | None, page: tuple[PostedJournal, ...]) -> Block:
    block = Block(
        number=last.number + 1 if last else 1,
        sequence_from=page[0].sequence,
        sequence_to=page[-1].sequence,
        leaves=b"".join(leaf(journal=journal) for journal in page),
        previous_hash=last.hash if last else GENESIS,
        hash="",
    )
    return Block(
        block.number, block.sequence_from, block.sequence_to, block.leaves,
        block.previous_hash, block_hash(block=block),
    )


_COLUMNS = (
    hash_block.c.number, hash_block.c.sequence_from, hash_block.c.sequence_to,
    hash_block.c.leaves, hash_block.c.previous_hash, hash_block.c.hash,
)
