"""What older rows say of their terms, put where it is read now."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q


def forwards(apps, schema_editor):
    Agreement = apps.get_model("agreements", "Agreement")
    Signature = apps.get_model("agreements", "Signature")
    Agreement.objects.filter(period_ends=None).update(period_ends=F("ends"))
    signed = Signature.objects.filter(agreement=OuterRef("pk"), text=OuterRef("text"))
    Agreement.objects.filter(Exists(signed), state="signing").update(state="partly_signed")
    lasting = Agreement.objects.exclude(Q(kind="placement") | Q(root__kind="placement"))
    for row in lasting.filter(notice_by=None, state__in=("draft", "signing", "partly_signed", "in_force")):
        day = row.ends or row.starts + timedelta(days=365)
        row.notice_by = day
        row.notice_at = datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo("Asia/Baku"))
        row.save(update_fields=["notice_by", "notice_at"])


def backwards(apps, schema_editor):
    Agreement = apps.get_model("agreements", "Agreement")
    Agreement.objects.filter(state="partly_signed").update(state="signing")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_deepened")]
    operations = [migrations.RunPython(forwards, backwards)]
