from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0002_former_tokens")]

    operations = [
        migrations.AddField(
            model_name="token",
            name="networks",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=400, verbose_name="only from"
            ),
        ),
    ]
