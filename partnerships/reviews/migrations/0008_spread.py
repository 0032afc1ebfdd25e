from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev

from django.db import migrations, models


def work_out(apps, _schema_editor):
    """Of the marks that are there already, as `reports.Result.spread` says it."""
    rows = apps.get_model('reviews', 'Tally').objects
    some = []
    for row in rows.filter(scores__contains=' ').only('pk', 'scores').iterator(1000):
        scores = [Decimal(one) for one in row.scores.split()]
        row.spread = Decimal(str(pstdev(scores))).quantize(Decimal('0.01'), ROUND_HALF_UP)
        some.append(row)
        if len(some) == 1000:
            rows.bulk_update(some, ['spread'])
            some = []
    rows.bulk_update(some, ['spread'])


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0007_numbers_of_a_round'),
    ]

    operations = [
        migrations.AddField(
            model_name='tally',
            name='spread',
            field=models.DecimalField(decimal_places=2, max_digits=5, null=True),
        ),
        migrations.RunPython(work_out, migrations.RunPython.noop),
    ]
