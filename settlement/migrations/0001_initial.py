import uuid

import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalog', '0001_initial'),
        ('contracts', '0001_initial'),
        ('licensing', '0001_initial'),
        ('parties', '0001_initial'),
        ('parties', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='SplitPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True)),
                ('shares', models.JSONField()),
                ('legal_basis', models.CharField(max_length=300)),
                ('effective_on', models.DateField()),
            ],
            options={
                'ordering': ['version'],
            },
        ),
        migrations.CreateModel(
            name='FeeSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True)),
                ('platform_rate', models.DecimalField(decimal_places=6, max_digits=7)),
                ('sandbox_fen_per_month', models.BigIntegerField()),
                ('legal_basis', models.CharField(max_length=300)),
                ('effective_on', models.DateField()),
            ],
            options={
                'ordering': ['version'],
                'constraints': [models.CheckConstraint(condition=models.Q(('platform_rate__gte', 0), ('platform_rate__lte', 1), ('sandbox_fen_per_month__gte', 0)), name='settlement_fees_in_range')],
            },
        ),
        migrations.CreateModel(
            name='PriceVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('model', models.CharField(choices=[('FREE', 'Free of charge'), ('FIXED_PRODUCT', 'Fixed price per product'), ('PER_CALL', 'Per call'), ('TIERED_CALL', 'Per call, in tiers'), ('PER_RECORD', 'Per record'), ('SUBSCRIPTION_PERIOD', 'Subscription per period'), ('HYBRID', 'Base price and calls')], max_length=20)),
                ('base_price', models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ('tiers', models.JSONField(default=list)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('legal_basis', models.CharField(max_length=300)),
                ('effective_on', models.DateField()),
                ('drafted_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalog.dataset')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafted_prices', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['dataset', 'number'],
                'constraints': [models.UniqueConstraint(fields=('dataset', 'number'), name='settlement_price_number'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False), models.Q(('published_by', models.F('drafted_by')), _negated=True)), _connector='OR'), name='settlement_price_published_by_another'), models.CheckConstraint(condition=models.Q(('base_price__gte', 0)), name='settlement_price_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('purpose_class', models.CharField(max_length=20)),
                ('opening_fen', models.BigIntegerField(default=0)),
                ('gross_fen', models.BigIntegerField()),
                ('net_fen', models.BigIntegerField()),
                ('tax_fen', models.BigIntegerField()),
                ('tax_rate', models.DecimalField(decimal_places=4, max_digits=5)),
                ('fees_fen', models.BigIntegerField()),
                ('payable_fen', models.BigIntegerField()),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('drafted_at', models.DateTimeField()),
                ('issued_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('posted_at', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('state', django_fsm.FSMField(choices=[('DRAFT', 'Draft'), ('ISSUED', 'Issued, waiting for the buyer'), ('DISPUTED', 'Disputed'), ('CONFIRMED', 'Confirmed'), ('POSTED', 'Posted, waiting for release'), ('RELEASED', 'Released for payment'), ('PAID', 'Paid and settled'), ('VOID', 'Discarded'), ('REPLACED', 'Replaced, dispute answered')], default='DRAFT', max_length=50, protected=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='contracts.agreement')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
                ('fee_schedule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='settlement.feeschedule')),
                ('licensee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organization')),
                ('posted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='settlement.statement')),
                ('split_policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='settlement.splitpolicy')),
            ],
            options={
                'ordering': ['-period_from', 'number'],
                'permissions': [('see_statement', 'May see a statement'), ('issue_statement', 'May issue a statement'), ('discard_statement', 'May discard a draft'), ('confirm_statement', 'May confirm a statement for the buyer'), ('dispute_statement', 'May dispute a line'), ('resolve_statement', 'May resolve a dispute'), ('post_statement', 'May post a statement to the ledger'), ('release_statement', 'May release the payouts'), ('settle_statement', 'May record the payment')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['VOID', 'DISPUTED', 'REPLACED']), _negated=True), fields=('agreement', 'period_from', 'period_to'), name='settlement_one_statement_per_period'), models.CheckConstraint(condition=models.Q(('gross_fen', django.db.models.expressions.CombinedExpression(models.F('net_fen'), '+', models.F('tax_fen'))), ('payable_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('opening_fen'), '+', models.F('gross_fen')), '+', models.F('fees_fen')))), name='settlement_statement_adds_up'), models.CheckConstraint(condition=models.Q(('period_to__gt', models.F('period_from'))), name='settlement_statement_period'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'VOID']), models.Q(('issued_at__isnull', False), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='settlement_statement_issued'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['CONFIRMED', 'POSTED', 'RELEASED', 'PAID']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='settlement_statement_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['RELEASED', 'PAID']), _negated=True), models.Q(('posted_by__isnull', False), ('released_by__isnull', False), models.Q(('released_by', models.F('posted_by')), _negated=True)), _connector='OR'), name='settlement_statement_released_by_another')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='SplitShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('party', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=60)),
                ('account', models.CharField(max_length=60)),
                ('weight', models.DecimalField(decimal_places=4, max_digits=9)),
                ('amount_fen', models.BigIntegerField()),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='settlement.statement')),
            ],
            options={
                'ordering': ['statement', 'position'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'party'), name='settlement_share_once')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bank_reference', models.CharField(max_length=60, unique=True)),
                ('amount_fen', models.BigIntegerField()),
                ('received_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='settlement.statement')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='settlement_payment_positive')],
            },
        ),
        migrations.CreateModel(
            name='FeeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=60)),
                ('basis', models.CharField(max_length=200)),
                ('amount_fen', models.BigIntegerField()),
                ('tax_fen', models.BigIntegerField()),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fee_lines', to='settlement.statement')),
            ],
            options={
                'ordering': ['statement', 'id'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'code'), name='settlement_fee_once')],
            },
        ),
        migrations.CreateModel(
            name='StatementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('PDF', 'PDF'), ('XLSX', 'XLSX'), ('JSON', 'JSON')], max_length=4)),
                ('content_hash', models.CharField(max_length=64)),
                ('file', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='settlement.statement')),
            ],
            options={
                'ordering': ['statement', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'kind'), name='settlement_document_once')],
            },
        ),
        migrations.CreateModel(
            name='StatementGroupPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='settlement.statement')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('USAGE', 'Usage of the period'), ('LATE', 'Late records of an earlier period'), ('CARRIED', 'Carried over after a dispute')], default='USAGE', max_length=8)),
                ('quantity', models.DecimalField(decimal_places=4, max_digits=20)),
                ('steps', models.JSONField(default=list)),
                ('gross_fen', models.BigIntegerField()),
                ('server_errors', models.PositiveBigIntegerField(default=0)),
                ('retries', models.PositiveBigIntegerField(default=0)),
                ('refused', models.PositiveBigIntegerField(default=0)),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField()),
                ('stored_before', models.DateTimeField()),
                ('first_event_id', models.BigIntegerField(null=True)),
                ('last_event_id', models.BigIntegerField(null=True)),
                ('event_set_hash', models.CharField(max_length=64)),
                ('license', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='licensing.license')),
                ('origin', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='settlement.statementline')),
                ('price', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='settlement.priceversion')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='settlement.statement')),
            ],
            options={
                'ordering': ['statement', 'position'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'position'), name='settlement_line_position'), models.CheckConstraint(condition=models.Q(('to_at__gt', models.F('from_at'))), name='settlement_line_bounds'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'CARRIED'), ('origin__isnull', False)), models.Q(models.Q(('kind', 'CARRIED'), _negated=True), ('origin__isnull', True)), _connector='OR'), name='settlement_line_carried_from'), models.CheckConstraint(condition=models.Q(('gross_fen__gte', 0), ('quantity__gte', 0)), name='settlement_line_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('raised_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('STANDS', 'The line stands and is carried to the next statement'), ('DROPPED', 'The line is dropped')], max_length=8)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='settlement.statementline')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('line',), name='settlement_one_open_dispute'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='settlement_dispute_reasoned'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='settlement_dispute_answered')],
            },
        ),
        migrations.CreateModel(
            name='StatementUserPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='settlement.statement')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('effective_on', models.DateField(primary_key=True, serialize=False)),
                ('rate', models.DecimalField(decimal_places=4, max_digits=5)),
                ('legal_basis', models.CharField(max_length=300)),
            ],
            options={
                'ordering': ['effective_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gte', 0), ('rate__lt', 1)), name='settlement_tax_rate_in_range')],
            },
        ),
    ]
