"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_names_by_words")]
    operations = [
        migrations.RunPython(
            without_quotes("directory", "Organization", "OrganizationName", "Specialty", "Skill", "Person"), migrations.RunPython.noop, elidable=True
        )
    ]
