import uuid

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalog', '0001_initial'),
        ('contracts', '0001_initial'),
        ('parties', '0001_initial'),
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientApplication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('purpose', models.TextField()),
                ('ip_allow_list', models.JSONField(blank=True, default=list)),
                ('registered_at', models.DateTimeField()),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', models.TextField(blank=True)),
                ('state', django_fsm.FSMField(choices=[('REGISTERED', 'Awaiting review'), ('APPROVED', 'Approved'), ('REJECTED', 'Rejected')], default='REGISTERED', max_length=50, protected=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='client_applications', to='contracts.agreement')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='client_applications', to='parties.organization')),
                ('platform', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='client_applications_hosted', to='parties.organization')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-registered_at', 'id'],
                'permissions': [('see_clientapplication', 'May see a client application'), ('review_clientapplication', 'May review a client application'), ('request_credential', 'May request a credential for a client application')],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'REJECTED'), _negated=True), fields=('agreement', 'name'), name='licensing_client_name_once_per_agreement'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('state', 'REGISTERED')), models.Q(('state__in', ['APPROVED', 'REJECTED']), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='licensing_client_reviewed_by_someone')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ClientApplicationGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.clientapplication')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ClientApplicationUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.clientapplication')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('requested_at', models.DateTimeField()),
                ('prefix', models.CharField(max_length=8, null=True, unique=True)),
                ('secret_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('valid_from', models.DateTimeField(null=True)),
                ('valid_to', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('state', django_fsm.FSMField(choices=[('REQUESTED', 'Requested'), ('ACTIVE', 'Active'), ('SUSPENDED', 'Suspended'), ('ROTATED', 'Replaced'), ('REVOKED', 'Revoked'), ('EXPIRED', 'Expired')], default='REQUESTED', max_length=50, protected=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='contracts.agreement')),
                ('client_application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='licensing.clientapplication')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='licensing.credential')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-requested_at', 'id'],
                'permissions': [('see_credential', 'May see a credential'), ('issue_credential', 'May issue the key of a credential'), ('rotate_credential', 'May replace the key of a credential'), ('suspend_credential', 'May suspend a credential'), ('resume_credential', 'May resume a credential'), ('revoke_credential', 'May revoke a credential'), ('expire_credential', 'May end a credential at its term')],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ACTIVE', 'SUSPENDED', 'ROTATED']), _negated=True), models.Q(('prefix__isnull', False), ('secret_hash__isnull', False), ('valid_from__isnull', False), ('valid_to__isnull', False)), _connector='OR'), name='licensing_credential_issued_has_key'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'REQUESTED'), _negated=True), ('secret_hash__isnull', True), _connector='OR'), name='licensing_credential_requested_has_no_key'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='licensing_credential_term'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['REVOKED', 'EXPIRED']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='licensing_credential_ended_says_when')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='CredentialGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.credential')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='CredentialUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.credential')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='License',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('machine_number', models.CharField(max_length=40, unique=True)),
                ('serial', models.PositiveIntegerField()),
                ('scenario_code', models.CharField(max_length=40)),
                ('scenario_name', models.CharField(max_length=200)),
                ('scope', models.JSONField()),
                ('quota', models.JSONField(default=dict)),
                ('restriction', models.JSONField(null=True)),
                ('suspension', models.JSONField(null=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('activated_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('certificate_hash', models.CharField(max_length=64)),
                ('state', django_fsm.FSMField(choices=[('ISSUED', 'Issued'), ('ACTIVE', 'Active'), ('SUSPENDED', 'Suspended'), ('EXPIRED', 'Expired'), ('REVOKED', 'Revoked'), ('SURRENDERED', 'Surrendered'), ('SUPERSEDED', 'Superseded')], default='ISSUED', max_length=50, protected=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses', to='contracts.agreement')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses_supervised', to='parties.organization')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses', to='catalog.dataset')),
                ('licensee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses_held', to='parties.organization')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licenses_provided', to='parties.organization')),
            ],
            options={
                'ordering': ['-issued_at', 'number'],
                'permissions': [('see_license', 'May see a license'), ('activate_license', 'May activate a license'), ('suspend_license', 'May suspend a license'), ('resume_license', 'May resume a license'), ('restrict_license', 'May restrict a license or lift the restriction'), ('expire_license', 'May end a license at its term'), ('revoke_license', 'May revoke a license'), ('surrender_license', 'May surrender a license'), ('supersede_license', 'May replace a license by a new one')],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'SUPERSEDED'), _negated=True), fields=('agreement', 'dataset'), name='licensing_license_one_per_agreement_and_dataset'), models.CheckConstraint(condition=models.Q(('valid_from__lte', models.F('valid_to'))), name='licensing_license_term'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ACTIVE', 'SUSPENDED']), _negated=True), ('activated_at__isnull', False), _connector='OR'), name='licensing_license_active_was_activated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'SUSPENDED'), ('suspension__isnull', False)), models.Q(models.Q(('state', 'SUSPENDED'), _negated=True), ('suspension__isnull', True)), _connector='OR'), name='licensing_license_suspended_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['ISSUED', 'ACTIVE', 'SUSPENDED'])), models.Q(('state__in', ['EXPIRED', 'REVOKED', 'SURRENDERED', 'SUPERSEDED']), ('ended_at__isnull', False)), _connector='OR'), name='licensing_license_ended_says_when')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='LicenseDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ORIGINAL', 'Original'), ('DUPLICATE', 'Duplicate')], max_length=10)),
                ('content_hash', models.CharField(max_length=64)),
                ('file', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('license', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='licensing.license')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('license', 'kind'), name='licensing_document_one_per_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['ORIGINAL', 'DUPLICATE'])), name='licensing_document_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='LicenseGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.license')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='LicenseUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='licensing.license')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
    ]
