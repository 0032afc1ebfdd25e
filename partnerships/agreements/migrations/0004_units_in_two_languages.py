from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_terms_of_old_rows")]

    operations = [
        migrations.RenameField("obligation", "unit", "unit_az"),
        migrations.AlterField(
            "obligation",
            "unit_az",
            models.CharField(blank=True, max_length=40, verbose_name="of what, in Azerbaijani"),
        ),
        migrations.AddField(
            "obligation",
            "unit_en",
            models.CharField(blank=True, max_length=40, verbose_name="of what, in English"),
        ),
    ]
