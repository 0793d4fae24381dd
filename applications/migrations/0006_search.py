"""Find any part of a number or a scenario by pairs of characters; Chinese has no words to index."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION applications_pairs(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower($1), n, 2)), '{}')
    FROM generate_series(1, length($1) - 1) AS n
$$;
CREATE INDEX applications_search ON applications_application
    USING gin (applications_pairs(coalesce(number, '') || ' ' || scenario_name));
"""
BACKWARD = """
DROP INDEX applications_search;
DROP FUNCTION applications_pairs(text);
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_committee_rosters")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
