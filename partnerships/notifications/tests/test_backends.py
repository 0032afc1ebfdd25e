"""Mail as files."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection


def test_each_letter_is_one_whole_file_in_the_order_of_sending(tmp_path: Path, settings: Any) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    with get_connection("partnerships.notifications.backends.EmlBackend") as connection:
        for number in range(3):
            letter = EmailMultiAlternatives(
                f"Məktub {number}", "Salam, Şəhla", to=[f"../n{number}@else.example"], connection=connection
            )
            assert letter.send() == 1
    files = sorted(path.name for path in settings.MAIL_DIR.iterdir())
    assert [name[-40:].split("-")[-2] for name in files] == [
        f".._n{number}@else.example" for number in range(3)
    ]
    read = message_from_bytes((settings.MAIL_DIR / files[0]).read_bytes(), policy=default)
    assert read["Subject"] == "Məktub 0"
    assert read.get_content().strip() == "Salam, Şəhla"
    assert (settings.MAIL_DIR.stat().st_mode & 0o777) == 0o700
