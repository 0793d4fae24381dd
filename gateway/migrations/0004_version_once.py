"""
Raise the gate's version once in a transaction, however many rows it changed.

The triggers run at the commit, when every change is made; ten thousand licenses that stop with
their dataset would otherwise raise it ten thousand times, on one row.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION gateway_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The setting ends with the transaction.
    IF current_setting('gateway.raised', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('gateway.raised', 'yes', true);
    -- A row that had to be made anew starts at the time, above every number given before.
    INSERT INTO gateway_version (id, version)
        VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        ON CONFLICT (id) DO UPDATE SET version = gateway_version.version + 1;
    PERFORM pg_notify('gateway', '');
    RETURN NULL;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION gateway_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gateway_version (id, version)
        VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        ON CONFLICT (id) DO UPDATE SET version = gateway_version.version + 1;
    PERFORM pg_notify('gateway', '');
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_version_triggers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
