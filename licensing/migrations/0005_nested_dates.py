from django.db import migrations

# License ⊂ agreement ⊂ dataset and operation. What is read is locked FOR SHARE, so that nobody can
# shorten it before the commit. The agreement's own change is checked against its licenses at the
# end of its transaction: an amendment moves both, in whichever order.
CREATE = """
CREATE FUNCTION nested_dates_of_license() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    around record;
    open_span record;
BEGIN
    SELECT number, valid_from, valid_to INTO around
      FROM contracts_agreement WHERE id = NEW.agreement_id FOR SHARE;
    IF around.valid_from IS NULL OR NEW.valid_from < around.valid_from
       OR NEW.valid_to > around.valid_to THEN
        RAISE EXCEPTION 'license % runs from % to %, outside its agreement',
              NEW.number, NEW.valid_from, NEW.valid_to
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_license_in_agreement',
              TABLE = 'licensing_license',
              DETAIL = coalesce(around.number, '') || ' ' || coalesce(around.valid_to::text, '');
    END IF;
    SELECT code, open_from, least(open_to, operated_to) AS last_day INTO open_span
      FROM catalog_dataset WHERE id = NEW.dataset_id FOR SHARE;
    IF NEW.valid_from < open_span.open_from OR NEW.valid_to > open_span.last_day THEN
        RAISE EXCEPTION 'license % runs from % to %, outside its dataset',
              NEW.number, NEW.valid_from, NEW.valid_to
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_license_in_dataset',
              TABLE = 'licensing_license',
              DETAIL = open_span.code || ' ' || coalesce(open_span.last_day::text, '');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER nested_dates_new BEFORE INSERT ON licensing_license
    FOR EACH ROW EXECUTE FUNCTION nested_dates_of_license();
CREATE TRIGGER nested_dates_changed BEFORE UPDATE ON licensing_license
    FOR EACH ROW WHEN (
        (OLD.valid_from, OLD.valid_to, OLD.agreement_id, OLD.dataset_id)
        IS DISTINCT FROM (NEW.valid_from, NEW.valid_to, NEW.agreement_id, NEW.dataset_id))
    EXECUTE FUNCTION nested_dates_of_license();

CREATE FUNCTION nested_dates_of_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    outside record;
BEGIN
    IF NEW.state NOT IN ('EFFECTIVE', 'SUSPENDED') OR NEW.valid_to IS NULL THEN
        RETURN NEW;
    END IF;
    FOR outside IN
        SELECT code, open_from, least(open_to, operated_to) AS last_day FROM catalog_dataset
         WHERE code IN (
               SELECT one->>'code' FROM jsonb_array_elements(
                   CASE jsonb_typeof(NEW.terms#>'{scope,datasets}')
                   WHEN 'array' THEN NEW.terms#>'{scope,datasets}' ELSE '[]' END) AS one)
         ORDER BY code FOR SHARE
    LOOP
        IF NEW.valid_from < outside.open_from OR NEW.valid_to > outside.last_day THEN
            RAISE EXCEPTION 'agreement % runs from % to %, outside dataset %',
                  NEW.number, NEW.valid_from, NEW.valid_to, outside.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_agreement_in_dataset',
                  TABLE = 'contracts_agreement',
                  DETAIL = outside.code || ' ' || coalesce(outside.last_day::text, '');
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER nested_dates_new BEFORE INSERT ON contracts_agreement
    FOR EACH ROW EXECUTE FUNCTION nested_dates_of_agreement();
CREATE TRIGGER nested_dates_changed BEFORE UPDATE ON contracts_agreement
    FOR EACH ROW WHEN (
        (OLD.valid_from, OLD.valid_to, OLD.terms, OLD.state)
        IS DISTINCT FROM (NEW.valid_from, NEW.valid_to, NEW.terms, NEW.state))
    EXECUTE FUNCTION nested_dates_of_agreement();

CREATE FUNCTION nested_dates_around_licenses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    around record;
    outside record;
BEGIN
    -- What holds at the end of the transaction counts, not what this step wrote.
    SELECT number, valid_from, valid_to INTO around FROM contracts_agreement WHERE id = NEW.id;
    SELECT number, valid_to INTO outside FROM licensing_license
     WHERE agreement_id = NEW.id AND state IN ('ISSUED', 'ACTIVE', 'SUSPENDED')
       AND (around.valid_from IS NULL OR valid_from < around.valid_from
            OR valid_to > around.valid_to)
     ORDER BY valid_to DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'license % runs until %, outside agreement %',
              outside.number, outside.valid_to, around.number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_license_in_agreement',
              TABLE = 'contracts_agreement',
              DETAIL = outside.number || ' ' || outside.valid_to::text;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER nested_dates_around AFTER UPDATE ON contracts_agreement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        (OLD.valid_from, OLD.valid_to) IS DISTINCT FROM (NEW.valid_from, NEW.valid_to))
    EXECUTE FUNCTION nested_dates_around_licenses();

CREATE FUNCTION nested_dates_around_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_day date := least(NEW.open_to, NEW.operated_to);
    outside record;
BEGIN
    SELECT number, valid_to INTO outside FROM contracts_agreement
     WHERE state IN ('EFFECTIVE', 'SUSPENDED')
       AND terms @> jsonb_build_object('scope', jsonb_build_object('datasets',
               jsonb_build_array(jsonb_build_object('code', NEW.code))))
       AND (valid_from < NEW.open_from OR valid_to > last_day)
     ORDER BY valid_to DESC, number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'agreement % runs until %, outside dataset %',
              outside.number, outside.valid_to, NEW.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_agreement_in_dataset',
              TABLE = 'catalog_dataset',
              DETAIL = outside.number || ' ' || outside.valid_to::text;
    END IF;
    SELECT number, valid_to INTO outside FROM licensing_license
     WHERE dataset_id = NEW.id AND state IN ('ISSUED', 'ACTIVE', 'SUSPENDED')
       AND (valid_from < NEW.open_from OR valid_to > last_day)
     ORDER BY valid_to DESC, number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'license % runs until %, outside dataset %',
              outside.number, outside.valid_to, NEW.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nested_license_in_dataset',
              TABLE = 'catalog_dataset',
              DETAIL = outside.number || ' ' || outside.valid_to::text;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER nested_dates_around BEFORE UPDATE ON catalog_dataset
    FOR EACH ROW WHEN (
        (OLD.open_from, OLD.open_to, OLD.operated_to)
        IS DISTINCT FROM (NEW.open_from, NEW.open_to, NEW.operated_to))
    EXECUTE FUNCTION nested_dates_around_dataset();
"""

DROP = """
DROP TRIGGER nested_dates_around ON catalog_dataset;
DROP TRIGGER nested_dates_around ON contracts_agreement;
DROP TRIGGER nested_dates_changed ON contracts_agreement;
DROP TRIGGER nested_dates_new ON contracts_agreement;
DROP TRIGGER nested_dates_changed ON licensing_license;
DROP TRIGGER nested_dates_new ON licensing_license;
DROP FUNCTION nested_dates_around_dataset();
DROP FUNCTION nested_dates_around_licenses();
DROP FUNCTION nested_dates_of_agreement();
DROP FUNCTION nested_dates_of_license();
"""


class Migration(migrations.Migration):
    """Keep the days of a license within its agreement, and both within dataset and operation."""

    dependencies = [
        ("catalog", "0002_dataset_term"),
        ("contracts", "0004_signing_batches"),
        ("licensing", "0004_replaced_license"),
    ]

    operations = [migrations.RunSQL(CREATE, DROP)]
