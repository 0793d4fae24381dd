import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=60)),
                ('started_on', models.DateField()),
                ('working_days', models.PositiveSmallIntegerField()),
                ('extension_days', models.PositiveSmallIntegerField(default=0)),
                ('extension_reason', models.CharField(blank=True, max_length=300)),
                ('stopped_days', models.PositiveSmallIntegerField(default=0)),
                ('due_on', models.DateField()),
                ('provisional', models.BooleanField(default=False)),
                ('closed_on', models.DateField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(condition=models.Q(('closed_on', None)), fields=['due_on', 'id'], name='workflow_deadline_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('started_on'))), name='workflow_deadline_due_after_start')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=64)),
                ('sequence', models.PositiveIntegerField()),
                ('action', models.CharField(max_length=80)),
                ('outcome', models.CharField(choices=[('DONE', 'Done'), ('REFUSED', 'Refused')], max_length=8)),
                ('before', models.CharField(blank=True, max_length=40)),
                ('after', models.CharField(blank=True, max_length=40)),
                ('actor_id', models.CharField(max_length=64)),
                ('actor_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['actor_id', '-id'], name='workflow_audit_actor'), models.Index(fields=['-at', '-id'], name='workflow_audit_at')],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'sequence'), name='workflow_audit_one_chain'), models.CheckConstraint(condition=models.Q(models.Q(('previous_hash', ''), ('sequence', 1)), models.Q(('sequence__gt', 1), models.Q(('previous_hash', ''), _negated=True)), _connector='OR'), name='workflow_audit_first_has_no_previous')],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('first_entry_id', models.BigIntegerField()),
                ('last_entry_id', models.BigIntegerField(unique=True)),
                ('entry_count', models.PositiveIntegerField()),
                ('merkle_root', models.CharField(max_length=64)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('entry_count__gte', 1), ('last_entry_id__gte', models.F('first_entry_id'))), name='workflow_seal_range')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on_before', models.DateField()),
                ('due_on_after', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='workflow.deadline')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DeadlineRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('version', models.PositiveIntegerField()),
                ('working_days', models.PositiveSmallIntegerField()),
                ('legal_basis', models.CharField(max_length=300)),
                ('effective_on', models.DateField()),
            ],
            options={
                'ordering': ['kind', 'version'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='workflow_deadline_rule_version'), models.CheckConstraint(condition=models.Q(('working_days__gte', 1)), name='workflow_deadline_rule_days')],
            },
        ),
        migrations.AddField(
            model_name='deadline',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workflow.deadlinerule'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='workflow_event_subject')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subscriber', models.CharField(max_length=120)),
                ('status', models.CharField(choices=[('PENDING', 'Pending'), ('DONE', 'Delivered'), ('DEAD', 'Dead letter')], default='PENDING', max_length=8)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='workflow.event')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('status', 'PENDING')), fields=['due_at', 'id'], name='workflow_delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='workflow_delivery_once_per_subscriber'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status', 'DONE')), models.Q(models.Q(('status', 'DONE'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='workflow_delivery_done_has_time')],
            },
        ),
        migrations.CreateModel(
            name='ReviewRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=64)),
                ('number', models.PositiveSmallIntegerField()),
                ('rules', models.JSONField()),
                ('opened_at', models.DateTimeField()),
                ('concluded_at', models.DateTimeField(null=True)),
                ('conclusion', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'number'), name='workflow_round_number'), models.UniqueConstraint(condition=models.Q(('concluded_at__isnull', True)), fields=('subject_type', 'subject_id'), name='workflow_round_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('concluded_at__isnull', True), ('conclusion__isnull', True)), models.Q(('concluded_at__isnull', False), ('conclusion__isnull', False)), _connector='OR'), name='workflow_round_conclusion_dated')],
            },
        ),
        migrations.CreateModel(
            name='ReviewSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('CHAIR', 'Chair'), ('MEMBER', 'Member')], max_length=8)),
                ('declared_at', models.DateTimeField(null=True)),
                ('recused_at', models.DateTimeField(null=True)),
                ('recusal_reason', models.CharField(blank=True, max_length=500)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='workflow.reviewround')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'member'), name='workflow_seat_once'), models.UniqueConstraint(condition=models.Q(('role', 'CHAIR')), fields=('round',), name='workflow_seat_one_chair'), models.CheckConstraint(condition=models.Q(models.Q(('recusal_reason', ''), ('recused_at__isnull', True)), models.Q(('recused_at__isnull', False), models.Q(('recusal_reason', ''), _negated=True)), _connector='OR'), name='workflow_seat_recusal_reasoned')],
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vote', models.CharField(choices=[('FOR', 'For'), ('AGAINST', 'Against'), ('ABSTAIN', 'Abstain')], max_length=8)),
                ('scores', models.JSONField(default=dict)),
                ('total', models.PositiveSmallIntegerField()),
                ('reason', models.TextField()),
                ('cast_at', models.DateTimeField()),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ballot', to='workflow.reviewseat')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='workflow_ballot_reasoned'), models.CheckConstraint(condition=models.Q(('total__lte', 100)), name='workflow_ballot_total')],
            },
        ),
        migrations.CreateModel(
            name='ClockStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('reason', models.CharField(max_length=300)),
                ('stopped_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='workflow.deadline')),
            ],
            options={
                'ordering': ['from_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_on__isnull', True)), fields=('deadline',), name='workflow_clock_stop_one_open'), models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='workflow_clock_stop_order')],
            },
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(fields=['subject_type', 'subject_id'], name='workflow_deadline_subject'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('subject_type', 'subject_id', 'kind'), name='workflow_deadline_one_open_per_kind'),
        ),
    ]
