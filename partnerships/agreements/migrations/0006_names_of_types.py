"""The types of agreement that a first start named in English although it meant Azerbaijani.

A portal that compiled its words and prepared its database in one go wrote the English name into both fields.
Names that somebody has typed since stay as they are.
"""

from django.db import migrations

# key of the type, as the portal makes it -> what was written, what was meant
NAMES = {
    "framework": ("Framework agreement", "Çərçivə sazişi"),
    "cooperation": ("Cooperation agreement of several parties", "Çoxtərəfli əməkdaşlıq sazişi"),
    "memorandum": ("Memorandum of understanding", "Anlaşma memorandumu"),
    "nda": ("Non-disclosure agreement", "Məxfilik sazişi"),
    "placement": ("Tripartite practice contract", "Üçtərəfli təcrübə müqaviləsi"),
    "placement-two": ("Internship contract without a university", "Universitetsiz internship müqaviləsi"),
}


def forwards(apps, schema_editor):
    AgreementType = apps.get_model("agreements", "AgreementType")
    for key, (written, meant) in NAMES.items():
        AgreementType.objects.filter(key=key, name_az=written).update(name_az=meant)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_from_before_the_portal")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
