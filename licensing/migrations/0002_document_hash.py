from django.db import migrations, models


class Migration(migrations.Migration):
    """Find a certificate by its hash: anybody may ask whether a file is one of ours."""

    dependencies = [("licensing", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="licensedocument",
            index=models.Index(fields=["content_hash"], name="licensing_document_hash"),
        ),
    ]
