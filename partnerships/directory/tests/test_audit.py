"""The journal of changes tells that a personal code changed, and nothing of the code."""

from auditlog.models import LogEntry


def test_a_personal_code_is_not_readable_in_the_journal(cast):
    cast.student.fin = "5ABC123"
    cast.student.save()
    entry = LogEntry.objects.get_for_object(cast.student).first()
    assert "fin" in entry.changes_dict
    assert not any(letter in str(entry.changes_dict["fin"]) for letter in "5ABC123")
