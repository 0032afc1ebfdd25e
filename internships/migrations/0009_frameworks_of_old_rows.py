"""Practices from before they pointed to their framework agreement."""

from django.db import migrations
from django.db.models import Q


def forwards(apps, schema_editor):
    Placement = apps.get_model("internships", "Placement")
    Agreement = apps.get_model("agreements", "Agreement")
    frameworks = Agreement.objects.filter(
        Q(kind="framework") | Q(kind="amendment", root__kind="framework"), state="in_force"
    )
    for agreement in frameworks.order_by("starts", "pk"):
        named = list(agreement.parties.values_list("organization_id", flat=True))
        rows = Placement.objects.filter(
            university__root__in=named, host__root__in=named, starts__gte=agreement.starts
        )
        if agreement.ends is not None:
            rows = rows.filter(starts__lte=agreement.ends)
        rows.update(agreement=agreement)


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0008_stands_under"),
        ("agreements", "0003_terms_of_old_rows"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
