"""Every write of the accounts that is not django-allauth's."""

from pathlib import Path

from partnerships.accounts.models import Consent, ConsentText, User

_TEXTS = Path(__file__).parent / "data"


def agree(user: User, text: ConsentText, *, ip: str | None = None) -> Consent:
    """Keep that somebody agreed to this version, and when; agreeing twice keeps the first time."""
    return Consent.objects.get_or_create(user=user, text=text, defaults={"ip": ip})[0]


def has_agreed(user: User) -> bool:
    """Whether the newest text has been agreed to; True where there is no text yet."""
    newest = ConsentText.objects.first()
    return newest is None or Consent.objects.filter(user=user, text=newest).exists()


def set_language(user: User, language: str) -> None:
    """The language of the account's pages and letters."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def publish_first_text() -> bool:
    """The first text on personal data, where there is none; True when it was written."""
    if ConsentText.objects.exists():
        return False
    bodies = {
        f"body_{language}": (_TEXTS / f"consent_1_{language}.txt").read_text() for language in ("az", "en")
    }
    ConsentText.objects.create(number=1, **bodies)
    return True
