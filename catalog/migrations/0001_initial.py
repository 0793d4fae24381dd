import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('parties', '0001_initial'),
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dataset',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('description', models.TextField()),
                ('domain', models.CharField(choices=[('HEALTH', 'Health care'), ('EDUCATION_CULTURE', 'Education, culture and tourism'), ('ENTERPRISE', 'Enterprise supervision'), ('LIVING', 'Daily services'), ('TRANSPORT', 'Transport'), ('HOUSING', 'Construction and housing'), ('MUNICIPAL', 'Municipal services'), ('ENVIRONMENT', 'Resources and environment'), ('EMERGENCY', 'Emergency and safety')], max_length=20)),
                ('openness', models.CharField(choices=[('UNCONDITIONAL', 'Open without conditions'), ('CONDITIONAL', 'Open under conditions'), ('NON_OPEN', 'Not open')], max_length=14)),
                ('openness_reason', models.CharField(choices=[('OTHER', 'No reason against opening'), ('HIGH_SECURITY', 'High demands on security and processing'), ('TIMELINESS', 'Strongly time-dependent'), ('CONTINUOUS_ACCESS', 'Needs continuous access'), ('TRADE_SECRET', 'Trade secret'), ('PRIVACY', 'Personal privacy'), ('LAW', 'Closed by law')], max_length=20)),
                ('level', models.CharField(blank=True, choices=[('L1', 'Level 1, no harm'), ('L2', 'Level 2, general harm'), ('L3', 'Level 3, serious harm'), ('L4', 'Level 4, very serious harm'), ('IMPORTANT', 'Important data'), ('CORE', 'Core data')], max_length=10)),
                ('update_frequency', models.CharField(choices=[('REAL_TIME', 'Real time'), ('MINUTE_1', 'Every minute'), ('MINUTE_5', 'Every 5 minutes'), ('MINUTE_10', 'Every 10 minutes'), ('HOURLY', 'Hourly'), ('DAILY', 'Daily'), ('NEXT_DAY', 'On the next day (T+1)'), ('WEEKLY', 'Weekly'), ('MONTHLY', 'Monthly'), ('QUARTERLY', 'Quarterly'), ('YEARLY', 'Yearly')], max_length=12)),
                ('conditions', models.TextField(blank=True)),
                ('delivery_modes', models.JSONField(default=list)),
                ('requires_consent', models.BooleanField(default=False)),
                ('supervision_measures', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('classified_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('suspended_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('state_reason', models.CharField(blank=True, max_length=500)),
                ('state', django_fsm.FSMField(choices=[('DRAFT', 'Draft'), ('CLASSIFIED', 'Classified'), ('SENSITIVE_CHECKED', 'Scanned for sensitive fields'), ('RISK_ASSESSED', 'Risk assessed'), ('SECRECY_REVIEWED', 'Secrecy reviewed'), ('PREVIEW', 'Preview'), ('PUBLISHED', 'Published'), ('SUSPENDED', 'Suspended'), ('WITHDRAWN', 'Withdrawn from opening'), ('HELD_NON_OPEN', 'Held as not open'), ('RECLASSIFYING', 'Being reclassified')], default='DRAFT', max_length=50, protected=True)),
                ('classified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datasets', to='parties.organization')),
                ('suspended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['code'],
                'permissions': [('see_dataset', 'May see a dataset before it is open'), ('edit_dataset', 'May edit a draft and add versions'), ('classify_dataset', 'May classify a dataset'), ('scan_dataset', 'May scan a dataset for sensitive fields'), ('assess_dataset', 'May record the risk assessment'), ('review_secrecy_dataset', 'May give the secrecy review'), ('preview_dataset', 'May open the preview'), ('publish_dataset', 'May publish a dataset'), ('hold_dataset', 'May hold a dataset as not open'), ('tighten_dataset', 'May close an open dataset'), ('reclassify_dataset', 'May begin a reclassification'), ('suspend_dataset', 'May suspend a dataset'), ('resume_dataset', 'May resume a dataset'), ('withdraw_dataset', 'May withdraw a dataset')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'code'], name='catalog_dataset_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z][A-Z0-9]{1,11}$')), name='catalog_dataset_code_shape'), models.CheckConstraint(condition=models.Q(models.Q(('level__in', ['L4', 'IMPORTANT', 'CORE']), _negated=True), ('openness', 'NON_OPEN'), _connector='OR'), name='catalog_dataset_high_level_never_open'), models.CheckConstraint(condition=models.Q(models.Q(('openness', 'UNCONDITIONAL'), _negated=True), ('level__in', ['', 'L1']), _connector='OR'), name='catalog_dataset_unconditional_is_level_1'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['HELD_NON_OPEN', 'RECLASSIFYING']), _negated=True), ('openness', 'NON_OPEN'), _connector='OR'), name='catalog_dataset_held_is_non_open'), models.CheckConstraint(condition=models.Q(('state', 'DRAFT'), models.Q(('classified_at__isnull', False), ('classified_by__isnull', False), models.Q(('level', ''), _negated=True)), _connector='OR'), name='catalog_dataset_classified_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'SUSPENDED'), _negated=True), models.Q(('suspended_at__isnull', False), ('suspended_by__isnull', False)), _connector='OR'), models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), ('withdrawn_at__isnull', False), _connector='OR'), models.Q(models.Q(('state__in', ['SUSPENDED', 'WITHDRAWN', 'HELD_NON_OPEN']), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR')), name='catalog_dataset_stopped_has_reason')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='DatasetVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('storage_path', models.CharField(blank=True, max_length=200)),
                ('row_count', models.BigIntegerField(default=0)),
                ('bytes', models.BigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('schema_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('filled_at', models.DateTimeField(null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalog.dataset')),
            ],
            options={
                'ordering': ['dataset', 'number'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('dataset', 'number'), name='catalog_version_number'), models.CheckConstraint(condition=models.Q(models.Q(('filled_at__isnull', True), ('row_count', 0), ('sha256', ''), ('storage_path', '')), models.Q(models.Q(('storage_path', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('filled_at__isnull', False)), _connector='OR'), name='catalog_version_rows_with_hash'), models.CheckConstraint(condition=models.Q(('bytes__gte', 0), ('number__gte', 1), ('row_count__gte', 0)), name='catalog_version_counts')],
            },
        ),
        migrations.CreateModel(
            name='DatasetField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=80)),
                ('data_type', models.CharField(choices=[('STRING', 'Text'), ('INTEGER', 'Whole number'), ('DECIMAL', 'Decimal number'), ('DATE', 'Date'), ('DATETIME', 'Date and time'), ('BOOLEAN', 'Yes or no')], max_length=10)),
                ('level', models.CharField(choices=[('L1', 'Level 1, no harm'), ('L2', 'Level 2, general harm'), ('L3', 'Level 3, serious harm'), ('L4', 'Level 4, very serious harm'), ('IMPORTANT', 'Important data'), ('CORE', 'Core data')], max_length=10)),
                ('sensitivity', models.CharField(choices=[('NONE', 'No personal information'), ('PI', 'Personal information'), ('SENSITIVE_PI', 'Sensitive personal information')], default='NONE', max_length=14)),
                ('filterable', models.BooleanField(default=False)),
                ('example', models.CharField(blank=True, max_length=120)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fields', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['version', 'position'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='catalog_field_name'), models.UniqueConstraint(fields=('version', 'position'), name='catalog_field_position'), models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]{0,59}$')), name='catalog_field_name_shape')],
            },
        ),
        migrations.AddField(
            model_name='dataset',
            name='current_version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion'),
        ),
        migrations.CreateModel(
            name='ReclassificationEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('DESENSITIZATION_REPORT', 'Desensitization report'), ('CONSENT', 'Consent of the right-holders')], max_length=24)),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField()),
                ('content_hash', models.CharField(max_length=64)),
                ('valid_until', models.DateField(null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.dataset')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['recorded_at', 'id'],
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'CONSENT'), _negated=True), ('valid_until__isnull', False), _connector='OR'), name='catalog_consent_has_an_end'), models.CheckConstraint(condition=models.Q(('content_hash__regex', '^[0-9a-f]{64}$')), name='catalog_evidence_hash')],
            },
        ),
        migrations.AddField(
            model_name='dataset',
            name='reclassification',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.reclassificationevidence'),
        ),
        migrations.CreateModel(
            name='RiskAssessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('threats', models.TextField()),
                ('aggregation_risk', models.TextField()),
                ('likelihood', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('impact', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('controls', models.TextField()),
                ('residual_level', models.CharField(choices=[('L1', 'Level 1, no harm'), ('L2', 'Level 2, general harm'), ('L3', 'Level 3, serious harm'), ('L4', 'Level 4, very serious harm'), ('IMPORTANT', 'Important data'), ('CORE', 'Core data')], max_length=10)),
                ('assessor', models.CharField(max_length=120)),
                ('valid_until', models.DateField()),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.dataset')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['recorded_at', 'id'],
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('impact__range', (1, 5)), ('likelihood__range', (1, 5))), name='catalog_assessment_scale')],
            },
        ),
        migrations.AddField(
            model_name='dataset',
            name='risk_assessment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.riskassessment'),
        ),
        migrations.CreateModel(
            name='SecrecyReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('opinion', models.TextField()),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.dataset')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['recorded_at', 'id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='dataset',
            name='secrecy_review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.secrecyreview'),
        ),
        migrations.CreateModel(
            name='SensitiveScan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('rows_scanned', models.BigIntegerField()),
                ('findings', models.JSONField(default=list)),
                ('hits', models.BigIntegerField()),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.dataset')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['recorded_at', 'id'],
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('hits__gte', 0), ('rows_scanned__gte', 0)), name='catalog_scan_counts')],
            },
        ),
        migrations.AddField(
            model_name='dataset',
            name='scan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sensitivescan'),
        ),
        migrations.CreateModel(
            name='DatasetGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalog.dataset')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='DatasetUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalog.dataset')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SENSITIVE_CHECKED', 'RISK_ASSESSED', 'SECRECY_REVIEWED', 'PREVIEW']), _negated=True), models.Q(('scan__isnull', False), models.Q(('openness', 'NON_OPEN'), _negated=True)), _connector='OR'), name='catalog_dataset_past_scan_has_it'),
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SECRECY_REVIEWED', 'PREVIEW']), _negated=True), models.Q(('risk_assessment__isnull', False), ('secrecy_review__isnull', False)), _connector='OR'), name='catalog_dataset_reviewed_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['PUBLISHED', 'SUSPENDED']), _negated=True), models.Q(('current_version__isnull', False), ('published_at__isnull', False), ('risk_assessment__isnull', False), ('scan__isnull', False), ('secrecy_review__isnull', False), models.Q(('openness', 'NON_OPEN'), _negated=True)), _connector='OR'), name='catalog_dataset_open_has_all_evidence'),
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'RECLASSIFYING'), _negated=True), ('reclassification__isnull', False), _connector='OR'), name='catalog_dataset_reclassifying_has_evidence'),
        ),
    ]
