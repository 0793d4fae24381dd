import uuid

import django.db.models.deletion
import django_fsm
import guardian.mixins
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=60, unique=True)),
                ('full_name', models.CharField(max_length=60)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('is_active', models.BooleanField(default=True)),
                ('is_system', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'ordering': ['username'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='parties_user_no_superuser'), models.CheckConstraint(condition=models.Q(('is_system', False), ('is_active', False), _connector='OR'), name='parties_user_system_cannot_sign_in'), models.UniqueConstraint(condition=models.Q(('is_system', True)), fields=('is_system',), name='parties_user_one_system')],
            },
            bases=(guardian.mixins.GuardianUserMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('short_name', models.CharField(max_length=40)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('uscc', models.CharField(max_length=18, unique=True)),
                ('kind', models.CharField(choices=[('APPLICANT', 'Applicant'), ('PROVIDER', 'Data provider'), ('AUTHORITY', 'Data authority'), ('COMMITTEE', 'Review committee'), ('PLATFORM', 'Platform operator'), ('EXCHANGE', 'Data exchange'), ('OPERATOR', 'Authorized operator'), ('TREASURY', 'Treasury'), ('ASSESSOR', 'Assessor')], max_length=12)),
                ('legal_representative', models.CharField(blank=True, max_length=60)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('contact_name', models.CharField(blank=True, max_length=60)),
                ('contact_phone', models.CharField(blank=True, max_length=30)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('bank_name', models.CharField(blank=True, max_length=120)),
                ('bank_account', models.CharField(blank=True, max_length=40)),
                ('taxpayer_type', models.CharField(choices=[('GENERAL', 'General taxpayer'), ('SMALL_SCALE', 'Small-scale taxpayer'), ('NONE', 'Not a taxpayer')], default='GENERAL', max_length=12)),
                ('tax_address', models.CharField(blank=True, max_length=200)),
                ('tax_phone', models.CharField(blank=True, max_length=30)),
                ('registered_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('credit_checked_on', models.DateField(null=True)),
                ('barred_at', models.DateTimeField(null=True)),
                ('barred_until', models.DateField(null=True)),
                ('bar_reason', models.CharField(blank=True, max_length=500)),
                ('state', django_fsm.FSMField(choices=[('REGISTERED', 'Registered'), ('VERIFIED', 'Verified'), ('BARRED', 'Barred')], default='REGISTERED', max_length=50, protected=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='parties.organization')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'permissions': [('see_organization', 'May see an organization'), ('verify_organization', 'May verify an organization'), ('bar_organization', 'May bar an organization and lift the bar'), ('edit_organization', 'May edit the profile of an organization')],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('uscc__regex', '^[0-9A-HJ-NPQRTUWXY]{18}$')), name='parties_organization_uscc_shape'), models.CheckConstraint(condition=models.Q(('state', 'REGISTERED'), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='parties_organization_verified_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'BARRED'), _negated=True), models.Q(('barred_at__isnull', False), models.Q(('bar_reason', ''), _negated=True)), _connector='OR'), name='parties_organization_bar_has_reason'), models.UniqueConstraint(condition=models.Q(('kind__in', ['AUTHORITY', 'PLATFORM', 'COMMITTEE', 'EXCHANGE', 'TREASURY'])), fields=('kind',), name='parties_organization_one_of_kind')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('APPLICANT_AGENT', "Applicant's agent"), ('APPLICANT_LEGAL_REP', "Applicant's legal representative"), ('APPLICANT_SECURITY', "Applicant's security officer"), ('PROVIDER_OFFICER', 'Data officer'), ('PROVIDER_LEADER', "Provider's leader"), ('SECRECY_REVIEWER', 'Secrecy reviewer'), ('AUTHORITY_CASE', 'Case handler'), ('AUTHORITY_DECIDER', 'Decider'), ('AUTHORITY_SUPERVISOR', 'Supervisor'), ('COMMITTEE_CHAIR', 'Committee chair'), ('COMMITTEE_MEMBER', 'Committee member'), ('COMMITTEE_SECRETARY', 'Committee secretary'), ('EXPERT', 'Expert'), ('PLATFORM_OPS', 'Platform operations'), ('SECURITY_OFFICER', 'Platform security officer'), ('AUDITOR', 'Auditor'), ('EXCHANGE_MATCHER', 'Exchange matching clerk'), ('EXCHANGE_SETTLER', 'Exchange settlement clerk'), ('EXCHANGE_FINANCE', 'Exchange finance clerk'), ('OPERATOR_AGENT', "Operator's agent"), ('IMPLEMENTING_OFFICER', 'Implementing officer'), ('TREASURY_VIEWER', 'Treasury viewer'), ('PUBLIC_USER', 'Member of the public'), ('ASSESSOR', 'Third-party assessor')], max_length=24)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='parties.organization')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['organization', 'role'], name='parties_desk_of_role')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('user', 'organization', 'role'), name='parties_desk_open_once'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='parties_desk_closed_after_opened')],
            },
        ),
        migrations.CreateModel(
            name='OrganizationGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='parties.organization')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='OrganizationUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='parties.organization')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='PublicUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveSmallIntegerField(unique=True)),
                ('name', models.CharField(max_length=60, unique=True)),
                ('group', models.CharField(choices=[('PARTY', 'Party and mass organizations'), ('GOVERNMENT', 'Government departments'), ('ENTERPRISE', 'Enterprises and fire service'), ('DISTRICT', 'Cities and districts')], max_length=12)),
                ('target_datasets', models.PositiveIntegerField()),
                ('organization', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unit', to='parties.organization')),
            ],
            options={
                'ordering': ['sequence'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='parties_unit_sequence_from_one')],
            },
        ),
    ]
