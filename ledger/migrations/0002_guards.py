"""What the database itself refuses: a changed row, an unbalanced journal, a closed period."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_account_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON ledger_journal FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_leg_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON ledger_leg FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_hash_block_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON ledger_hash_block FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_balance_never_deleted BEFORE DELETE OR TRUNCATE
    ON ledger_balance FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_period_never_deleted BEFORE DELETE OR TRUNCATE
    ON ledger_period FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

# Once per header at commit, whatever the number of legs.
BALANCED = """
CREATE FUNCTION ledger_check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    legs bigint;
    unbalanced boolean;
BEGIN
    SELECT coalesce(sum(n), 0), coalesce(bool_or(total <> 0), false) INTO legs, unbalanced
    FROM (SELECT count(*) AS n, sum(amount_fen) AS total
          FROM ledger_leg JOIN ledger_account ON ledger_account.id = ledger_leg.account_id
          WHERE journal_id = NEW.id GROUP BY currency) AS per_currency;
    IF legs <> NEW.leg_count THEN
        RAISE EXCEPTION 'journal %: % of % legs', NEW.id, legs, NEW.leg_count
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_complete';
    END IF;
    IF unbalanced THEN
        RAISE EXCEPTION 'journal % does not balance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_balanced AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal();
"""

# The shared lock lets a closing wait for postings under way and makes later ones see it; the
# number is ledger.store.LEDGER_LOCK. Inside the function each query has a snapshot of its own.
PERIODS = """
CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7202611220003);
    SELECT fresh.effective_on INTO refused
    FROM fresh JOIN ledger_period ON fresh.effective_on BETWEEN starts_on AND ends_on
    WHERE state = 'closed' OR (state = 'soft_closed' AND fresh.corrects_id IS NULL)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the period of % takes no such journal', refused
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_period_open';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_journal_period_open AFTER INSERT ON ledger_journal
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_period();
CREATE FUNCTION ledger_guard_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' OR OLD.id <> NEW.id
       OR OLD.starts_on <> NEW.starts_on OR OLD.ends_on <> NEW.ends_on
       OR (OLD.state = 'open' AND NEW.state = 'closed') THEN
        RAISE EXCEPTION 'period %: % to % refused', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_step_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_period_step_allowed BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_period();
"""

REVERSE = """
DROP TRIGGER ledger_account_append_only ON ledger_account;
DROP TRIGGER ledger_journal_append_only ON ledger_journal;
DROP TRIGGER ledger_leg_append_only ON ledger_leg;
DROP TRIGGER ledger_hash_block_append_only ON ledger_hash_block;
DROP TRIGGER ledger_balance_never_deleted ON ledger_balance;
DROP TRIGGER ledger_period_never_deleted ON ledger_period;
DROP TRIGGER ledger_journal_balanced ON ledger_journal;
DROP TRIGGER ledger_journal_period_open ON ledger_journal;
DROP TRIGGER ledger_period_step_allowed ON ledger_period;
DROP FUNCTION ledger_refuse_change(), ledger_check_journal(), ledger_check_period(),
    ledger_guard_period();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY + BALANCED + PERIODS, REVERSE)]
