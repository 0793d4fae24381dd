"""Evidence, statements, reports and papers are append-only: a trigger refuses change and removal."""

from django.db import migrations

# Whole rows that never change, and the one table whose rows are answered once.
TABLES = ("oversight_evidence", "oversight_selfreport", "oversight_score",
          "oversight_oversightdocument")  # fmt: skip

FUNCTION = """
CREATE FUNCTION oversight_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION oversight_keep_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text <> OLD.text OR NEW.content_hash <> OLD.content_hash OR NEW.kind <> OLD.kind
        OR NEW.case_id <> OLD.case_id OR NEW.given_at <> OLD.given_at
        OR NEW.given_by_id <> OLD.given_by_id THEN
        RAISE EXCEPTION 'the words of a party stay as they were given'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oversight_partystatement_kept BEFORE UPDATE ON oversight_partystatement
    FOR EACH ROW EXECUTE FUNCTION oversight_keep_statement();
CREATE TRIGGER oversight_partystatement_stays BEFORE DELETE OR TRUNCATE
    ON oversight_partystatement FOR EACH STATEMENT EXECUTE FUNCTION oversight_refuse_change();
"""
BACKWARD = """
DROP TRIGGER oversight_partystatement_stays ON oversight_partystatement;
DROP TRIGGER oversight_partystatement_kept ON oversight_partystatement;
DROP FUNCTION oversight_keep_statement();
DROP FUNCTION oversight_refuse_change();
"""


def trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION oversight_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, BACKWARD),
        *[
            migrations.RunSQL(trigger(table), f"DROP TRIGGER {table}_append_only ON {table};")
            for table in TABLES
        ],
    ]
