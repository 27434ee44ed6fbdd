"""Apart from the filling: PostgreSQL makes no index in a transaction that wrote to its table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("standings", "0002_names_and_lots"),
    ]

    operations = [
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('proven', True), ('shown', True)), fields=['board', '-value', 'lot', 'member'], name='standing_proven'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('shown', True)), fields=['board', '-value', 'lot', 'member'], name='standing_shown'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('institute__isnull', False), ('shown', True)), fields=['institute', 'board', '-value', 'lot', 'member', 'proven', 'since'], name='standing_institute'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('named', True), ('shown', True), models.Q(('country', ''), _negated=True)), fields=['country', 'board', '-value', 'lot', 'member', 'proven'], name='standing_country'),
        ),
    ]
