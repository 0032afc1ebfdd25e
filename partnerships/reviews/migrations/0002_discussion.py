"""Rounds are found by their title; what is said in the discussion of an item."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
import partnerships.common.fields
from django.db import migrations, models

from partnerships.common.text import fold


def fold_titles(apps: Any, schema_editor: Any) -> None:
    rounds = apps.get_model("reviews", "ReviewRound").objects.using(schema_editor.connection.alias)
    for row in rounds.iterator():
        rounds.filter(pk=row.pk).update(folded=fold(row.title)[:400])


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_deepened'),
        ('reviews', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewround',
            name='folded',
            field=partnerships.common.fields.FoldedField(max_length=400, sources=('title',)),
        ),
        migrations.RunPython(fold_titles, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', partnerships.common.fields.UidField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('object_id', models.BigIntegerField()),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='what is said')),
                ('taken_back_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person', verbose_name='author')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='reviews.reviewround', verbose_name='review round')),
            ],
            options={
                'verbose_name': 'remark of a review round',
                'verbose_name_plural': 'remarks of review rounds',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['round', 'object_id'], name='remark_of_item')],
            },
        ),
    ]
