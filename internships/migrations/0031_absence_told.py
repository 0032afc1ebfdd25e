"""A day that is reported already is refused with what to do: the words alone change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0030_folded_without_quotes"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="absence",
            name="absence_day_once",
            constraint=models.UniqueConstraint(
                fields=("placement", "date"),
                name="absence_day_once",
                violation_error_message="An absence on this day is already recorded: choose another day. What is to change in that one, the mentor changes in the diary.",
            ),
        ),
    ]
