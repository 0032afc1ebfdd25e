from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _schema_editor):
    """Each talk says to which round its application is."""
    own = apps.get_model("internships", "Application").objects.filter(pk=OuterRef("application_id"))
    apps.get_model("internships", "Interview").objects.update(
        programme_id=Subquery(own.values("programme_id"))
    )


def of_round(**options):
    return models.ForeignKey(
        "internships.programme", models.CASCADE, related_name="+", editable=False, **options
    )


class Migration(migrations.Migration):
    dependencies = [("internships", "0026_newest_programmes")]

    operations = [
        # Held to the rounds once all are filled in: what waits to be checked would stop the last step.
        migrations.AddField("interview", "programme", of_round(null=True, db_constraint=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("interview", "programme", of_round()),
        migrations.AddIndex("interview", models.Index(fields=["starts"], name="interview_of_day")),
    ]
