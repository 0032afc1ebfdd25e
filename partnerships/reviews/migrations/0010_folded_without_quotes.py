"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_tally_of_item_asked")]
    operations = [
        migrations.RunPython(
            without_quotes("reviews", "ReviewRound"), migrations.RunPython.noop, elidable=True
        )
    ]
