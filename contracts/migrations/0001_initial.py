import uuid

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('applications', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalog', '0001_initial'),
        ('parties', '0001_initial'),
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('procedure', models.CharField(choices=[('P1', 'Conditional opening'), ('P2', 'Authorized operation'), ('P3', 'Trading of conditional data')], default='P1', max_length=2)),
                ('profile_versions', models.JSONField(default=dict)),
                ('floor', models.JSONField()),
                ('terms', models.JSONField()),
                ('sources', models.JSONField(default=dict)),
                ('facts', models.JSONField()),
                ('text_hash', models.CharField(max_length=64)),
                ('text_version', models.PositiveIntegerField(default=1)),
                ('drafted_at', models.DateTimeField()),
                ('finalized_at', models.DateTimeField(null=True)),
                ('user_signed_at', models.DateTimeField(null=True)),
                ('effective_at', models.DateTimeField(null=True)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('suspended_at', models.DateTimeField(null=True)),
                ('suspension_reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_cause', models.CharField(blank=True, choices=[('MUTUAL', 'By mutual consent'), ('BREACH', 'For breach'), ('FORCE_MAJEURE', 'Force majeure'), ('REGULATORY', 'Change of law or classification')], max_length=20)),
                ('end_reason', models.TextField(blank=True)),
                ('state', django_fsm.FSMField(choices=[('DRAFTING', 'Drafting'), ('NEGOTIATING', 'Negotiating'), ('READY_TO_SIGN', 'Ready to sign'), ('SIGNED_BY_USER', 'Signed by the data user'), ('EFFECTIVE', 'In force'), ('SUSPENDED', 'Suspended'), ('EXPIRED', 'Expired'), ('TERMINATED', 'Terminated'), ('LAPSED', 'Lapsed unsigned')], default='DRAFTING', max_length=50, protected=True)),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.application')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
            ],
            options={
                'ordering': ['-drafted_at', 'id'],
                'permissions': [('see_agreement', 'May see an agreement'), ('open_negotiation', 'May open the negotiation of an agreement'), ('propose_change', 'May propose a change of terms'), ('change_terms', 'May put a proposed change into the terms'), ('finalize_agreement', 'May close the negotiation of an agreement'), ('sign_as_user', 'May sign an agreement for the data user'), ('sign_as_provider', 'May sign an agreement for a provider'), ('take_effect', 'May put a fully signed agreement in force'), ('reopen_agreement', 'May return an agreement to negotiation'), ('suspend_agreement', 'May suspend an agreement'), ('resume_agreement', 'May resume a suspended agreement'), ('expire_agreement', 'May let an agreement expire'), ('terminate_agreement', 'May terminate an agreement'), ('lapse_agreement', 'May let an unsigned agreement lapse'), ('redraft_agreement', 'May draft an agreement again after a new decision')],
                'indexes': [models.Index(fields=['applicant', '-drafted_at'], name='contracts_agr_applicant'), models.Index(fields=['state', 'valid_to'], name='contracts_agr_state_valid')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['DRAFTING', 'NEGOTIATING', 'READY_TO_SIGN', 'SIGNED_BY_USER', 'EFFECTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED', 'LAPSED'])), name='contracts_agreement_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['READY_TO_SIGN', 'SIGNED_BY_USER', 'EFFECTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED']), _negated=True), ('finalized_at__isnull', False), _connector='OR'), name='contracts_agreement_ready_is_finalized'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SIGNED_BY_USER', 'EFFECTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED']), _negated=True), ('user_signed_at__isnull', False), _connector='OR'), name='contracts_agreement_signed_by_user'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['EFFECTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED']), _negated=True), models.Q(('effective_at__isnull', False), ('valid_from__isnull', False), ('valid_to__gte', models.F('valid_from')), ('valid_to__isnull', False)), _connector='OR'), name='contracts_agreement_in_force_has_dates'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'SUSPENDED'), _negated=True), models.Q(('suspended_at__isnull', False), models.Q(('suspension_reason', ''), _negated=True)), _connector='OR'), name='contracts_agreement_suspended_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'TERMINATED'), _negated=True), models.Q(('ended_at__isnull', False), models.Q(('end_cause', ''), _negated=True), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='contracts_agreement_terminated_has_cause')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='AgreementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('TEXT', 'Text for signature'), ('SIGNED', 'Signed agreement')], max_length=6)),
                ('text_version', models.PositiveIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
                ('file', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='contracts.agreement')),
            ],
            options={
                'ordering': ['agreement', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BaseTemplate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('P1', 'Conditional opening'), ('P2', 'Authorized operation'), ('P3', 'Trading of conditional data')], max_length=2)),
                ('version', models.PositiveIntegerField()),
                ('terms', models.JSONField()),
                ('locked', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('state', django_fsm.FSMField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'Published')], default='DRAFT', max_length=50, protected=True)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind', '-version'],
                'permissions': [('see_basetemplate', 'May see a base template'), ('publish_basetemplate', 'May publish a base template')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='contracts_basetemplate_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'PUBLISHED'), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='contracts_basetemplate_published_by_someone'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'PUBLISHED'])), name='contracts_basetemplate_state_known')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.AddField(
            model_name='agreement',
            name='base_template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.basetemplate'),
        ),
        migrations.CreateModel(
            name='BaseTemplateGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.basetemplate')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='BaseTemplateUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.basetemplate')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ChangeProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(max_length=8)),
                ('changes', models.JSONField()),
                ('reason', models.TextField()),
                ('text_version', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer_reason', models.TextField(blank=True)),
                ('state', django_fsm.FSMField(choices=[('OPEN', 'Waiting for an answer'), ('ACCEPTED', 'Change accepted'), ('DECLINED', 'Change declined')], default='OPEN', max_length=50, protected=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='contracts.agreement')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'permissions': [('answer_changeproposal', 'May accept or decline a proposed change')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'ACCEPTED', 'DECLINED'])), name='contracts_proposal_state_known'), models.CheckConstraint(condition=models.Q(('state', 'OPEN'), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='contracts_proposal_answered_by_someone'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='contracts_proposal_has_reason'), models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('agreement',), name='contracts_one_open_proposal')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ChangeProposalGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.changeproposal')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ChangeProposalUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.changeproposal')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=30)),
                ('text_hash', models.CharField(max_length=64)),
                ('text_version', models.PositiveIntegerField()),
                ('signed_at', models.DateTimeField()),
                ('voided_at', models.DateTimeField(null=True)),
                ('void_reason', models.TextField(blank=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='contracts.agreement')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['signed_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('agreement', 'party'), name='contracts_signature_once_per_party')],
            },
        ),
        migrations.CreateModel(
            name='TermProfile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('terms', models.JSONField()),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('state', django_fsm.FSMField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'Published')], default='DRAFT', max_length=50, protected=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.dataset')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['dataset', '-version'],
                'permissions': [('see_termprofile', 'May see a term profile'), ('publish_termprofile', 'May publish a term profile')],
                'constraints': [models.UniqueConstraint(fields=('dataset', 'version'), name='contracts_termprofile_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'PUBLISHED'), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='contracts_termprofile_published_by_someone'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'PUBLISHED'])), name='contracts_termprofile_state_known')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='TermProfileGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.termprofile')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='TermProfileUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.termprofile')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='AgreementGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.agreement')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='AgreementParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('LICENSEE', 'Data user'), ('PROVIDER', 'Data provider')], max_length=8)),
                ('position', models.PositiveSmallIntegerField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='contracts.agreement')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
            ],
            options={
                'ordering': ['agreement', 'position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'organization'), name='contracts_party_once'), models.UniqueConstraint(condition=models.Q(('side', 'LICENSEE')), fields=('agreement',), name='contracts_one_licensee')],
            },
        ),
        migrations.CreateModel(
            name='AgreementUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contracts.agreement')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
    ]
