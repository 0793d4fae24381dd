"""What was charged stays as it was: triggers refuse other figures, whoever writes them."""

from django.db import migrations

# Rows that are written once.
ONCE = (
    "settlement_statementline", "settlement_feeline", "settlement_splitshare",
    "settlement_statementdocument", "settlement_payment",
)  # fmt: skip

FUNCTIONS = """
CREATE FUNCTION settlement_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION settlement_keep_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.agreement_id, NEW.licensee_id, NEW.exchange_id, NEW.period_from,
        NEW.period_to, NEW.revision, NEW.opening_fen, NEW.gross_fen, NEW.net_fen, NEW.tax_fen,
        NEW.tax_rate, NEW.fees_fen, NEW.payable_fen, NEW.split_policy_id, NEW.fee_schedule_id)
        IS DISTINCT FROM
       (OLD.number, OLD.agreement_id, OLD.licensee_id, OLD.exchange_id, OLD.period_from,
        OLD.period_to, OLD.revision, OLD.opening_fen, OLD.gross_fen, OLD.net_fen, OLD.tax_fen,
        OLD.tax_rate, OLD.fees_fen, OLD.payable_fen, OLD.split_policy_id, OLD.fee_schedule_id)
        OR (OLD.content_hash <> '' AND NEW.content_hash <> OLD.content_hash) THEN
        RAISE EXCEPTION 'the figures of a statement stay as they were drawn up'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_statement_kept BEFORE UPDATE ON settlement_statement
    FOR EACH ROW EXECUTE FUNCTION settlement_keep_figures();
CREATE TRIGGER settlement_statement_stays BEFORE DELETE ON settlement_statement
    FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();

CREATE TRIGGER settlement_priceversion_kept BEFORE UPDATE ON settlement_priceversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
    EXECUTE FUNCTION settlement_refuse_change();
CREATE TRIGGER settlement_priceversion_stays BEFORE DELETE ON settlement_priceversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
    EXECUTE FUNCTION settlement_refuse_change();
"""
BACKWARD = """
DROP TRIGGER settlement_priceversion_stays ON settlement_priceversion;
DROP TRIGGER settlement_priceversion_kept ON settlement_priceversion;
DROP TRIGGER settlement_statement_stays ON settlement_statement;
DROP TRIGGER settlement_statement_kept ON settlement_statement;
DROP FUNCTION settlement_keep_figures();
DROP FUNCTION settlement_refuse_change();
"""


def once(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();"
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION settlement_refuse_change();",
        f"DROP TRIGGER {table}_stays ON {table}; DROP TRIGGER {table}_kept ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACKWARD),
        *(once(table) for table in ONCE),
    ]
