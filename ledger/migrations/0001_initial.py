"""The tables of the ledger. SQLAlchemy mirrors them in ledger/tables.py; a test compares."""

from django.db import migrations

ACCOUNTS = """
CREATE TABLE ledger_account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The syntax of a plain-text account segment, so that every export names accounts one to one.
    code text NOT NULL UNIQUE CONSTRAINT ledger_account_code_form CHECK (
        length(code) <= 120
        AND code ~ '^[A-Z0-9][A-Za-z0-9-]*(:[A-Z0-9][A-Za-z0-9-]*)*$'),
    name text NOT NULL CONSTRAINT ledger_account_has_name CHECK (length(name) BETWEEN 1 AND 200),
    kind text NOT NULL CONSTRAINT ledger_account_kind_known
        CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
    normal_side text NOT NULL CONSTRAINT ledger_account_side_known
        CHECK (normal_side IN ('debit', 'credit')),
    -- Currencies whose smallest unit is a hundredth: one fen is one cent.
    currency character(3) NOT NULL CONSTRAINT ledger_account_currency_known
        CHECK (currency IN ('CNY', 'HKD', 'USD', 'EUR')),
    opened_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE ledger_balance (
    account_id bigint PRIMARY KEY REFERENCES ledger_account (id),
    sign smallint NOT NULL CONSTRAINT ledger_balance_sign_known CHECK (sign IN (1, -1)),
    status text NOT NULL DEFAULT 'open' CONSTRAINT ledger_balance_status_known
        CHECK (status IN ('open', 'closed')),
    min_available_fen bigint,
    max_available_fen bigint,
    debits_posted_fen bigint NOT NULL DEFAULT 0,
    credits_posted_fen bigint NOT NULL DEFAULT 0,
    debits_held_fen bigint NOT NULL DEFAULT 0,
    credits_held_fen bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT ledger_balance_counters_not_negative CHECK (
        debits_posted_fen >= 0 AND credits_posted_fen >= 0
        AND debits_held_fen >= 0 AND credits_held_fen >= 0 AND version >= 0),
    CONSTRAINT ledger_balance_not_below_minimum CHECK (
        min_available_fen IS NULL
        OR sign * (debits_posted_fen - credits_posted_fen)
           - CASE sign WHEN 1 THEN credits_held_fen ELSE debits_held_fen END
           >= min_available_fen),
    CONSTRAINT ledger_balance_not_above_maximum CHECK (
        max_available_fen IS NULL
        OR sign * (debits_posted_fen - credits_posted_fen)
           + CASE sign WHEN 1 THEN debits_held_fen ELSE credits_held_fen END
           <= max_available_fen),
    CONSTRAINT ledger_balance_closed_is_empty CHECK (
        status = 'open' OR (debits_posted_fen = credits_posted_fen
                            AND debits_held_fen = 0 AND credits_held_fen = 0))
) WITH (fillfactor = 70);
"""

JOURNALS = """
CREATE TABLE ledger_journal (
    id uuid PRIMARY KEY,
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key text NOT NULL UNIQUE
        CONSTRAINT ledger_journal_has_key CHECK (length(key) BETWEEN 1 AND 200),
    payload_hash character(64) NOT NULL,
    template text NOT NULL CONSTRAINT ledger_journal_has_template CHECK (template <> ''),
    description text NOT NULL CONSTRAINT ledger_journal_has_description CHECK (description <> ''),
    effective_on date NOT NULL,
    posted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    reference text NOT NULL,
    corrects_id uuid REFERENCES ledger_journal (id),
    is_reversal boolean NOT NULL,
    leg_count integer NOT NULL CONSTRAINT ledger_journal_has_two_legs CHECK (leg_count >= 2),
    CONSTRAINT ledger_journal_reversal_names_original
        CHECK (NOT is_reversal OR corrects_id IS NOT NULL),
    UNIQUE (id, leg_count, effective_on)
);
CREATE INDEX ledger_journal_corrects ON ledger_journal (corrects_id)
    WHERE corrects_id IS NOT NULL;
CREATE INDEX ledger_journal_reference ON ledger_journal (reference, sequence)
    WHERE reference <> '';
CREATE INDEX ledger_journal_effective ON ledger_journal (effective_on, sequence);
CREATE TABLE ledger_leg (
    journal_id uuid NOT NULL,
    seq integer NOT NULL,
    -- The header's count and date ride along: with the foreign key and the count checked at
    -- commit no leg can be added to a journal later.
    leg_count integer NOT NULL,
    effective_on date NOT NULL,
    -- No foreign key here: it would share-lock a hot account's row from every posting. The
    -- header's trigger joins the account instead, and accounts can never be deleted.
    account_id bigint NOT NULL,
    amount_fen bigint NOT NULL CONSTRAINT ledger_leg_moves_something CHECK (amount_fen <> 0),
    balance_after_fen bigint NOT NULL,
    version bigint NOT NULL CONSTRAINT ledger_leg_version_positive CHECK (version > 0),
    PRIMARY KEY (journal_id, seq),
    UNIQUE (account_id, version),
    CONSTRAINT ledger_leg_seq_within_count CHECK (seq BETWEEN 1 AND leg_count),
    CONSTRAINT ledger_leg_journal_fk FOREIGN KEY (journal_id, leg_count, effective_on)
        REFERENCES ledger_journal (id, leg_count, effective_on)
);
CREATE INDEX ledger_leg_account_day ON ledger_leg (account_id, effective_on) INCLUDE (amount_fen);
"""

CONTROL = """
CREATE TABLE ledger_hash_block (
    number bigint PRIMARY KEY CONSTRAINT ledger_hash_block_number_positive CHECK (number > 0),
    sequence_from bigint NOT NULL,
    sequence_to bigint NOT NULL UNIQUE,
    -- The SHA-256 of each journal of the block, 32 bytes each, in the order of the sequence.
    leaves bytea NOT NULL CONSTRAINT ledger_hash_block_leaves_whole
        CHECK (length(leaves) > 0 AND length(leaves) % 32 = 0),
    previous_hash character(64) NOT NULL UNIQUE,
    hash character(64) NOT NULL UNIQUE,
    sealed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ledger_hash_block_range CHECK (sequence_from <= sequence_to)
);
CREATE TABLE ledger_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    state text NOT NULL DEFAULT 'open' CONSTRAINT ledger_period_state_known
        CHECK (state IN ('open', 'soft_closed', 'closed')),
    closed_at timestamp with time zone,
    trial_hash character(64),
    block_number bigint REFERENCES ledger_hash_block (number),
    CONSTRAINT ledger_period_range CHECK (starts_on <= ends_on),
    CONSTRAINT ledger_period_closed_is_signed CHECK (
        (state = 'closed') = (closed_at IS NOT NULL AND trial_hash IS NOT NULL)),
    CONSTRAINT ledger_period_no_overlap
        EXCLUDE USING gist (daterange(starts_on, ends_on, '[]') WITH &&)
);
"""

REVERSE = """
DROP TABLE ledger_period, ledger_hash_block, ledger_leg, ledger_journal, ledger_balance,
    ledger_account;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(ACCOUNTS + JOURNALS + CONTROL, REVERSE)]
