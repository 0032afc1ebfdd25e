"""Tokens of the package's own model become ours; their table goes, for a row of it would hold its account."""

from datetime import UTC

from django.db import migrations
from django.utils.dateparse import parse_datetime

FORMER = "knox_authtoken"


def take_over(apps, schema_editor):
    connection = schema_editor.connection
    if FORMER not in connection.introspection.table_names():
        return
    Token = apps.get_model("api", "Token")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest, token_key, user_id, expiry FROM {FORMER}")
        for digest, key, user, expiry in cursor.fetchall():
            if isinstance(expiry, str):  # SQLite keeps moments as text, in UTC
                expiry = parse_datetime(expiry).replace(tzinfo=UTC)
            Token(
                digest=digest, token_key=key, user_id=user, expiry=expiry, writes=True, name=key
            ).save()
    schema_editor.execute(f"DROP TABLE {FORMER}")


class Migration(migrations.Migration):
    dependencies = [("api", "0001_tokens")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
