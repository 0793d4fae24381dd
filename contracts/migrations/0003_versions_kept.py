"""Keep what there is as versions and claims, and let nobody change a version or a comment."""

from django.db import migrations

TABLES = ("contracts_clausecomment", "contracts_textversion")
GUARD = """
CREATE FUNCTION contracts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION contracts_refuse_change();\n"
    for table in TABLES
)
UNGUARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES)
    + "DROP FUNCTION contracts_refuse_change();"
)


def keep(apps, schema_editor):
    """Give every agreement the row of its present text, and every open proposal whom it asks."""
    Agreement = apps.get_model("contracts", "Agreement")
    Version = apps.get_model("contracts", "TextVersion")
    for row in Agreement.objects.order_by("id").iterator(chunk_size=200):
        Version.objects.create(
            agreement=row,
            number=row.text_version,
            terms=row.terms,
            facts=row.facts,
            text_hash=row.text_hash,
            cause="EARLIER",
            made_at=row.drafted_at,
        )
    _keep_open(apps)


def _keep_open(apps):
    Proposal = apps.get_model("contracts", "ChangeProposal")
    Ask, Claim = (apps.get_model("contracts", name) for name in ("ProposalAsk", "ProposalClaim"))
    Party = apps.get_model("contracts", "AgreementParty")
    for proposal in Proposal.objects.filter(state="OPEN").order_by("id"):
        proposal.places = sorted(proposal.changes)
        proposal.save(update_fields=["places"])
        Claim.objects.bulk_create(
            Claim(proposal=proposal, agreement_id=proposal.agreement_id, place=place)
            for place in proposal.places
        )
        others = Party.objects.filter(agreement_id=proposal.agreement_id)
        # As it was asked then: one party of the other side is enough.
        Ask.objects.bulk_create(
            Ask(proposal=proposal, organization_id=party.organization_id, group=1)
            for party in others.exclude(side=proposal.side)
        )


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_negotiation")]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
