from django.db import migrations, models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce


def count(apps, _schema_editor):
    """What the items of each round say together, of the rounds that are there already."""
    asked = apps.get_model('reviews', 'Tally').objects.filter(round=OuterRef('pk'), asked__gt=0).order_by().values('round')

    def of(number):
        return Coalesce(Subquery(asked.annotate(n=number).values('n')), 0)

    apps.get_model('reviews', 'ReviewRound').objects.update(
        items_asked=of(Count('pk')),
        items_marked=of(Count('mean')),
        items_differ=of(Count('pk', filter=Q(differ=True))),
        asked=of(Sum('asked')),
        done=of(Sum('done')),
    )


NUMBERS = {
    'items_asked': {'verbose_name': 'reviewed: asked of somebody'},
    'items_marked': {'verbose_name': 'reviewed: with marks'},
    'items_differ': {'verbose_name': 'reviewed: marks far apart'},
    'asked': {},
    'done': {},
}


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0006_tally_what_is_there'),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name='reviewround',
                name=name,
                field=models.PositiveIntegerField(**words, default=0, editable=False),
            )
            for name, words in NUMBERS.items()
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['member', 'state', 'object_id', 'round'], name='review_of_member'),
        ),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(fields=['object_id', 'round'], name='review_tally_of_item'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
