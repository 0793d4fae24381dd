"""Usage events in monthly partitions, append-only; the identity table never forgets."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE gateway_usageevent_id_seq;
CREATE TABLE gateway_usageevent (
    id bigint NOT NULL DEFAULT nextval('gateway_usageevent_id_seq'),
    source varchar(60) NOT NULL,
    event_id varchar(80) NOT NULL,
    request_id varchar(80) NOT NULL,
    retry_of varchar(80) NOT NULL,
    license_id uuid,
    credential_id uuid,
    dataset_code varchar(40) NOT NULL,
    scenario_code varchar(40) NOT NULL,
    fields_hash varchar(64) NOT NULL,
    query_hash varchar(64) NOT NULL,
    rows integer NOT NULL CHECK (rows >= 0),
    bytes bigint NOT NULL CHECK (bytes >= 0),
    status smallint NOT NULL CHECK (status BETWEEN 100 AND 599),
    reason varchar(40) NOT NULL,
    detail varchar(200) NOT NULL,
    client_address varchar(45) NOT NULL,
    billable boolean NOT NULL,
    excluded_because varchar(12) NOT NULL,
    payload_hash bytea NOT NULL,
    occurred_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (id, occurred_at),
    CONSTRAINT gateway_usage_excluded_known
        CHECK (excluded_because IN ('', 'SERVER_ERROR', 'RETRY', 'REFUSED')),
    CONSTRAINT gateway_usage_billable_or_excluded CHECK (billable = (excluded_because = '')),
    CONSTRAINT gateway_usage_billable_succeeded
        CHECK (NOT billable OR (status < 300 AND license_id IS NOT NULL)),
    CONSTRAINT gateway_usage_refused_has_reason
        CHECK (excluded_because <> 'REFUSED' OR reason <> '')
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE gateway_usageevent_id_seq OWNED BY gateway_usageevent.id;
CREATE TABLE gateway_usageevent_default PARTITION OF gateway_usageevent DEFAULT;
CREATE INDEX gateway_usage_license ON gateway_usageevent (license_id, occurred_at, id);
CREATE INDEX gateway_usage_failures ON gateway_usageevent (credential_id, occurred_at)
    WHERE status >= 500;
CREATE INDEX gateway_usage_requests ON gateway_usageevent (credential_id, request_id)
    WHERE request_id <> '';
CREATE INDEX gateway_usage_refusals ON gateway_usageevent (occurred_at, id)
    WHERE excluded_because = 'REFUSED';

CREATE FUNCTION gateway_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'usage is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER gateway_usageevent_append_only BEFORE UPDATE OR DELETE ON gateway_usageevent
    FOR EACH ROW EXECUTE FUNCTION gateway_refuse_change();
CREATE TRIGGER gateway_usagekey_append_only BEFORE UPDATE OR DELETE ON gateway_usagekey
    FOR EACH ROW EXECUTE FUNCTION gateway_refuse_change();
"""
BACKWARD = """
DROP TABLE gateway_usageevent;
DROP TRIGGER gateway_usagekey_append_only ON gateway_usagekey;
DROP FUNCTION gateway_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
