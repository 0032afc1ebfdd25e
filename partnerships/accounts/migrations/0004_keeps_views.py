from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_page_size")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="keeps_views",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="has saved views"
            ),
        ),
    ]
