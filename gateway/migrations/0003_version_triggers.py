"""
Raise the gate's version in every transaction that a gate must know of, when it commits.

The triggers are deferred: the one row is locked for the moment of the commit only, so that long
transactions do not wait for each other on it. The notice leaves with the commit as well.
"""

from django.db import migrations

FORWARD = """
INSERT INTO gateway_version (id, version) VALUES (1, 1) ON CONFLICT DO NOTHING;

CREATE FUNCTION gateway_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A row that had to be made anew starts at the time, above every number given before.
    INSERT INTO gateway_version (id, version)
        VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        ON CONFLICT (id) DO UPDATE SET version = gateway_version.version + 1;
    PERFORM pg_notify('gateway', '');
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER gateway_version_license
    AFTER INSERT OR UPDATE OR DELETE ON licensing_license
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gateway_raise_version();
CREATE CONSTRAINT TRIGGER gateway_version_credential
    AFTER INSERT OR UPDATE OR DELETE ON licensing_credential
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gateway_raise_version();
CREATE CONSTRAINT TRIGGER gateway_version_agreement
    AFTER UPDATE ON contracts_agreement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION gateway_raise_version();
CREATE CONSTRAINT TRIGGER gateway_version_dataset
    AFTER UPDATE ON catalog_dataset
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          OR OLD.current_version_id IS DISTINCT FROM NEW.current_version_id)
    EXECUTE FUNCTION gateway_raise_version();
"""
BACKWARD = """
DROP TRIGGER gateway_version_license ON licensing_license;
DROP TRIGGER gateway_version_credential ON licensing_credential;
DROP TRIGGER gateway_version_agreement ON contracts_agreement;
DROP TRIGGER gateway_version_dataset ON catalog_dataset;
DROP FUNCTION gateway_raise_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0002_usage_events"),
        ("licensing", "0001_initial"),
        ("contracts", "0001_initial"),
        ("catalog", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
