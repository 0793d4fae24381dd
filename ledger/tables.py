"""
SQLAlchemy's picture of the ledger tables.

The tables themselves are made by Django migrations; a test reflects the database and compares.
"""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

metadata = MetaData()

account = Table(
    "ledger_account",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("normal_side", Text, nullable=False),
    Column("currency", CHAR(3), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)

balance = Table(
    "ledger_balance",
    metadata,
    Column(
        "account_id",
        BigInteger,
        ForeignKey("ledger_account.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sign", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("min_available_fen", BigInteger),
    Column("max_available_fen", BigInteger),
    Column("debits_posted_fen", BigInteger, nullable=False),
    Column("credits_posted_fen", BigInteger, nullable=False),
    Column("debits_held_fen", BigInteger, nullable=False),
    Column("credits_held_fen", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)

journal = Table(
    "ledger_journal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("payload_hash", CHAR(64), nullable=False),
    Column("template", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("reference", Text, nullable=False),
    Column("corrects_id", Uuid, ForeignKey("ledger_journal.id")),
    Column("is_reversal", Boolean, nullable=False),
    Column("leg_count", Integer, nullable=False),
    UniqueConstraint("id", "leg_count", "effective_on"),
)

leg = Table(
    "ledger_leg",
    metadata,
    Column("journal_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("leg_count", Integer, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_after_fen", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    UniqueConstraint("account_id", "version"),
    ForeignKeyConstraint(
        ["journal_id", "leg_count", "effective_on"],
        ["ledger_journal.id", "ledger_journal.leg_count", "ledger_journal.effective_on"],
    ),
)

period = Table(
    "ledger_period",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("trial_hash", CHAR(64)),
    Column("block_number", BigInteger, ForeignKey("ledger_hash_block.number")),
)

hash_block = Table(
    "ledger_hash_block",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence_from", BigInteger, nullable=False),
    Column("sequence_to", BigInteger, nullable=False, unique=True),
    Column("leaves", LargeBinary, nullable=False),
    Column("previous_hash", CHAR(64), nullable=False, unique=True),
    Column("hash", CHAR(64), nullable=False, unique=True),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)
