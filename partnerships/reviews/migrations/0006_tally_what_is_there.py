from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean

from django.db import migrations

TO_MARK = ('invited', 'draft', 'reopened')


def tally(apps, _schema_editor):
    """What reviews say of their items and members, of those that are there already."""
    Tally, Member = apps.get_model('reviews', 'Tally'), apps.get_model('reviews', 'ReviewMember')
    for found in apps.get_model('reviews', 'ReviewRound').objects.select_related('rubric'):
        given, members = defaultdict(list), defaultdict(Counter)
        for key, member, state, score in found.reviews.order_by('pk').values_list('object_id', 'member_id', 'state', 'score'):
            given[key].append((state, score))
            members[member][state] += 1
        tops = {len(row['labels']) for row in found.rubric.criteria} if found.rubric else {5}
        top = tops.pop() if len(tops) == 1 else 100
        Tally.objects.bulk_create((_of(Tally, found, key, rows, top) for key, rows in given.items()), batch_size=1000)
        for pk, counts in members.items():
            Member.objects.filter(pk=pk).update(
                asked=sum(counts[state] for state in (*TO_MARK, 'submitted')),
                done=counts['submitted'],
                declined=counts['declined'] + counts['conflict'],
            )


def _of(Tally, found, key, rows, top):
    states = Counter(state for state, _score in rows)
    scores = [score for state, score in rows if state == 'submitted']
    return Tally(
        round=found,
        object_id=key,
        asked=sum(states[state] for state in (*TO_MARK, 'submitted')),
        done=states['submitted'],
        dropped=states['declined'] + states['conflict'],
        mean=Decimal(str(fmean(scores))).quantize(Decimal('0.01'), ROUND_HALF_UP) if scores else None,
        differ=len(scores) > 1 and max(scores) - min(scores) >= Decimal('0.4') * top,
        scores=' '.join(map(str, scores)),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0005_tallies'),
    ]

    operations = [
        migrations.RunPython(tally, migrations.RunPython.noop),
    ]
