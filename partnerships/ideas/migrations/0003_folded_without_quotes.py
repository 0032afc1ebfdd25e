"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("ideas", "0002_alter_idea_home_alter_idea_next_on")]
    operations = [
        migrations.RunPython(
            without_quotes("ideas", "Idea"), migrations.RunPython.noop, elidable=True
        )
    ]
