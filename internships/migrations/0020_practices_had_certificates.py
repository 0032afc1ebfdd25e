from django.db import migrations, models


def mark(apps, schema_editor):
    """Those of which a certificate was issued are marked, whatever became of it."""
    kinds = apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="internships", model="placement"
    )
    issued = apps.get_model("certificates", "Certificate").objects.filter(
        content_type__in=kinds.values("pk"), kind="internships.practice"
    )
    placements = apps.get_model("internships", "Placement").objects.filter(pk__in=issued.values("object_id"))
    placements.update(had_certificate=True)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0005_from_before_the_portal"),
        ("certificates", "0005_lists"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("directory", "0009_affiliation_by_state"),
        ("internships", "0019_counted_without_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="had_certificate",
            field=models.BooleanField(default=False, editable=False, verbose_name="had a certificate"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                condition=models.Q(("had_certificate", False), ("state", "assessed")),
                fields=["host", "-id", "person"],
                name="placement_to_certify",
            ),
        ),
    ]
