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
        ('parties', '0001_initial'),
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scenario_name', models.CharField(blank=True, max_length=120)),
                ('purpose_class', models.CharField(blank=True, choices=[('PUBLIC_GOVERNANCE', 'Public governance'), ('PUBLIC_BENEFIT', 'Public benefit'), ('INDUSTRY', 'Industrial development'), ('SECTOR', 'Sector development')], max_length=20)),
                ('purpose_text', models.TextField(blank=True)),
                ('expected_products', models.TextField(blank=True)),
                ('benefit_statement', models.TextField(blank=True)),
                ('term_months', models.PositiveSmallIntegerField(null=True)),
                ('delivery_mode', models.CharField(blank=True, choices=[('API', 'Data interface'), ('FILE', 'Database file'), ('SANDBOX', 'Secure sandbox'), ('VERIFY_ONLY', 'Verification only')], max_length=12)),
                ('environment', models.CharField(blank=True, choices=[('RAW_EXPORT', 'Raw export'), ('API', 'Own system through the interface'), ('SANDBOX', 'Secure sandbox'), ('VERIFY_ONLY', 'Verification only')], max_length=12)),
                ('protection_level', models.PositiveSmallIntegerField(null=True)),
                ('protection_certificate', models.CharField(blank=True, max_length=80)),
                ('region', models.CharField(blank=True, max_length=120)),
                ('onward_supply', models.BooleanField(default=False)),
                ('cross_border', models.BooleanField(default=False)),
                ('monthly_quota', models.PositiveIntegerField(null=True)),
                ('security_plan', models.JSONField(default=dict)),
                ('commitments', models.JSONField(default=dict)),
                ('conditions', models.JSONField(default=list)),
                ('state', django_fsm.FSMField(choices=[('DRAFT', 'Draft'), ('SUBMITTED', 'Submitted'), ('CORRECTION_REQUESTED', 'Correction requested'), ('NOT_ACCEPTED', 'Not accepted'), ('ACCEPTED', 'Accepted'), ('PROVIDER_REVIEW', 'Provider review'), ('SECURITY_REVIEW', 'Security review'), ('COMMITTEE_REVIEW', 'Committee review'), ('DECISION_PENDING', 'Decision pending'), ('APPROVED', 'Approved'), ('APPROVED_WITH_CONDITIONS', 'Approved with conditions'), ('REJECTED', 'Rejected'), ('WITHDRAWN', 'Withdrawn'), ('LAPSED', 'Lapsed for want of correction'), ('OBJECTION', 'Objection under review'), ('OVERTURNED', 'Decision overturned'), ('UPHELD', 'Decision upheld'), ('AGREEMENT_STAGE', 'Agreement being made'), ('GRANTED', 'Granted'), ('LAPSED_UNSIGNED', 'Lapsed unsigned')], default='DRAFT', max_length=50, protected=True)),
                ('number', models.CharField(max_length=24, null=True, unique=True)),
                ('scenario_code', models.CharField(max_length=20, null=True, unique=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('submission_round', models.PositiveSmallIntegerField(default=0)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('committee_conclusion', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_result', models.CharField(blank=True, max_length=24)),
                ('decision_number', models.CharField(max_length=40, null=True, unique=True)),
                ('decision_text', models.TextField(blank=True)),
                ('refusal_code', models.CharField(blank=True, max_length=24)),
                ('refusal_reason', models.TextField(blank=True)),
                ('withdrawal_reason', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications_made', to='parties.organization')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications_decided', to='parties.organization')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications_reviewed', to='parties.organization')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications_decided_by', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications_drafted', to=settings.AUTH_USER_MODEL)),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications_handled', to=settings.AUTH_USER_MODEL)),
                ('platform', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications_secured', to='parties.organization')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'permissions': [('see_application', 'May see the case'), ('edit_application', 'May edit the draft'), ('submit_application', 'May submit'), ('request_correction', 'May ask for correction'), ('accept_application', 'May accept or refuse acceptance'), ('manage_clock', 'May stop and resume clocks'), ('advance_application', 'The system moves the case on'), ('pass_security_review', 'May conclude the security review'), ('seat_panel', 'May seat the panel'), ('vote_application', 'May vote on the panel'), ('conclude_committee', 'May conclude the committee review'), ('decide_application', 'May decide'), ('withdraw_application', 'May withdraw'), ('object_application', 'May object to the decision'), ('answer_objection', 'May answer an objection')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'submitted_at', 'id'], name='applications_state'), models.Index(fields=['applicant', '-created_at'], name='applications_applicant')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'SUBMITTED', 'CORRECTION_REQUESTED', 'NOT_ACCEPTED', 'ACCEPTED', 'PROVIDER_REVIEW', 'SECURITY_REVIEW', 'COMMITTEE_REVIEW', 'DECISION_PENDING', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REJECTED', 'WITHDRAWN', 'LAPSED', 'OBJECTION', 'OVERTURNED', 'UPHELD', 'AGREEMENT_STAGE', 'GRANTED', 'LAPSED_UNSIGNED'])), name='application_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('SUBMITTED', 'CORRECTION_REQUESTED', 'NOT_ACCEPTED', 'ACCEPTED', 'PROVIDER_REVIEW', 'SECURITY_REVIEW', 'COMMITTEE_REVIEW', 'DECISION_PENDING', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REJECTED', 'LAPSED', 'OBJECTION', 'OVERTURNED', 'UPHELD', 'AGREEMENT_STAGE', 'GRANTED', 'LAPSED_UNSIGNED')), _negated=True), models.Q(('number__isnull', False), ('scenario_code__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='application_submitted_has_number'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'APPROVED_WITH_CONDITIONS', 'REJECTED', 'OBJECTION', 'OVERTURNED', 'UPHELD', 'AGREEMENT_STAGE', 'GRANTED', 'LAPSED_UNSIGNED', 'ACCEPTED', 'PROVIDER_REVIEW', 'SECURITY_REVIEW', 'COMMITTEE_REVIEW', 'DECISION_PENDING']), _negated=True), models.Q(('accepted_at__isnull', False), ('handler__isnull', False)), _connector='OR'), name='application_accepted_has_handler'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['DECISION_PENDING', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REJECTED', 'OBJECTION', 'OVERTURNED', 'UPHELD', 'AGREEMENT_STAGE', 'GRANTED', 'LAPSED_UNSIGNED']), _negated=True), ('committee_conclusion__isnull', False), _connector='OR'), name='application_decision_has_conclusion'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('APPROVED', 'APPROVED_WITH_CONDITIONS', 'REJECTED', 'OBJECTION', 'OVERTURNED', 'UPHELD', 'AGREEMENT_STAGE', 'GRANTED', 'LAPSED_UNSIGNED')), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision_number__isnull', False), models.Q(('decision_text', ''), _negated=True)), _connector='OR'), name='application_decided_is_signed'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('handler')), _negated=True), _connector='OR'), name='application_decider_is_not_handler'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED_WITH_CONDITIONS'), _negated=True), models.Q(('conditions', []), _negated=True), _connector='OR'), name='application_conditions_are_stated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'NOT_ACCEPTED'), _negated=True), models.Q(models.Q(('refusal_code', ''), _negated=True), models.Q(('refusal_reason', ''), _negated=True)), _connector='OR'), name='application_refusal_has_reason')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ApplicationDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ACCEPTANCE', 'Notice of acceptance'), ('NON_ACCEPTANCE', 'Notice of non-acceptance'), ('CORRECTION', 'Correction notice'), ('MINUTES', 'Committee minutes'), ('DECISION', 'Letter of decision')], max_length=16)),
                ('number', models.CharField(max_length=40)),
                ('content_hash', models.CharField(max_length=64)),
                ('file', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='applications.application')),
            ],
            options={
                'ordering': ['application_id', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'kind', 'number'), name='application_document_number')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='applications.application')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ApplicationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fields', models.JSONField(default=list)),
                ('filters', models.JSONField(default=dict)),
                ('justification', models.TextField(blank=True)),
                ('outcome', models.JSONField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='applications.application')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='catalog.dataset')),
            ],
            options={
                'ordering': ['application_id', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'dataset'), name='application_item_once')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='applications.application')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='CorrectionNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission_round', models.PositiveSmallIntegerField()),
                ('number', models.CharField(max_length=40, unique=True)),
                ('defects', models.JSONField()),
                ('due_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('answers', models.JSONField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='applications.application')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['application_id', 'submission_round'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'submission_round'), name='correction_once_per_round'), models.CheckConstraint(condition=models.Q(('defects', []), _negated=True), name='correction_names_a_defect'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answers__isnull', True)), models.Q(('answered_at__isnull', False), ('answers__isnull', False)), _connector='OR'), name='correction_answer_is_dated')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('number', models.CharField(max_length=40, unique=True)),
                ('result', models.CharField(choices=[('APPROVED', 'Approved'), ('APPROVED_WITH_CONDITIONS', 'Approved with conditions'), ('REJECTED', 'Rejected')], max_length=24)),
                ('reasons', models.TextField()),
                ('conditions', models.JSONField(default=list)),
                ('departure_reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='applications.application')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['application_id', 'version'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'version'), name='decision_version'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='decision_has_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'APPROVED_WITH_CONDITIONS'), models.Q(('conditions', []), _negated=True)), models.Q(models.Q(('result', 'APPROVED_WITH_CONDITIONS'), _negated=True), ('conditions', [])), _connector='OR'), name='decision_conditions_fit')],
            },
        ),
        migrations.CreateModel(
            name='EligibilityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=40)),
                ('result', models.CharField(choices=[('PASS', 'Passed'), ('FAIL', 'Failed'), ('ABSTAIN', 'No evidence yet')], max_length=8)),
                ('blocking', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('evidence', models.JSONField(default=dict)),
                ('rule_version', models.CharField(max_length=20)),
                ('checked_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='applications.application')),
            ],
            options={
                'ordering': ['application_id', 'sequence', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'sequence', 'code'), name='eligibility_check_once'), models.CheckConstraint(condition=models.Q(('result', 'PASS'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='eligibility_failure_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grounds', models.TextField()),
                ('filed_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections_answered', to=settings.AUTH_USER_MODEL)),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='applications.application')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections_filed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('grounds', ''), _negated=True), name='objection_has_grounds'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='objection_answer_is_signed')],
            },
        ),
        migrations.CreateModel(
            name='ProviderBranch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', django_fsm.FSMField(choices=[('OPEN', 'Waiting for an opinion'), ('DRAFTED', 'Opinion drafted'), ('ANSWERED', 'Opinion confirmed'), ('CLOSED', 'Closed with the case')], default='OPEN', max_length=50, protected=True)),
                ('opinion', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField()),
                ('drafted_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='branches', to='applications.application')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='branches_confirmed', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='branches_drafted', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_branches', to='parties.organization')),
            ],
            options={
                'ordering': ['application_id', 'opened_at', 'id'],
                'permissions': [('see_providerbranch', 'May see the branch'), ('draft_opinion', 'May draft the opinion'), ('confirm_opinion', 'May confirm the opinion'), ('close_branch', 'The system closes the branch')],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('application', 'provider'), name='provider_branch_once'), models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'DRAFTED', 'ANSWERED', 'CLOSED'])), name='provider_branch_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['DRAFTED', 'ANSWERED']), _negated=True), models.Q(('drafted_at__isnull', False), ('drafted_by__isnull', False), models.Q(('opinion', {}), _negated=True)), _connector='OR'), name='provider_branch_drafted_has_author'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ANSWERED'), _negated=True), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('drafted_by')), _negated=True)), _connector='OR'), name='provider_branch_answered_by_another')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ProviderBranchGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='applications.providerbranch')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ProviderBranchUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='applications.providerbranch')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='SecurityAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('findings', models.JSONField()),
                ('conclusion', models.TextField()),
                ('conditions', models.JSONField(default=list)),
                ('valid_until', models.DateField()),
                ('assessed_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment', to='applications.application')),
                ('assessed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('conclusion', ''), _negated=True), name='security_assessment_concludes')],
            },
        ),
    ]
