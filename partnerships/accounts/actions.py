"""Every write of the accounts that is not django-allauth's."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.common.paging import SIZES
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

_TEXTS = Path(__file__).parent / "data"


def agree(user: User, text: ConsentText, *, ip: str | None = None) -> Consent:
    """Keep that somebody agreed to this version, and when; agreeing twice keeps the first time.

    After a withdrawal it counts from now on; that it was withdrawn stays in the history.
    """
    consent = Consent.objects.get_or_create(user=user, text=text, defaults={"ip": ip})[0]
    if consent.withdrawn_at is not None:
        with transaction.atomic():
            consent.at, consent.ip, consent.withdrawn_at = timezone.now(), ip, None
            consent.save(update_fields=["at", "ip", "withdrawn_at"])
            record(consent, "agree", actor=user)
    return consent


@transaction.atomic
def withdraw_consent(user: User, *, actor: Any) -> list[Consent]:
    """Take back every consent of this account; only its owner may. What was done before stays lawful.

    The next page that is opened asks for consent again. Answers with those withdrawn now; twice, with none.
    """
    who = as_actor(actor)
    if who.user is None or who.user.pk != user.pk:
        raise ValueError("a consent is withdrawn by whoever gave it")
    rows = list(Consent.objects.select_for_update().filter(user=user, withdrawn_at=None).order_by("pk"))
    for consent in rows:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        record(consent, "withdraw", actor=who)
    return rows


def has_agreed(user: User) -> bool:
    """Whether the newest text has been agreed to; True where there is no text yet."""
    newest = ConsentText.objects.first()
    return newest is None or Consent.objects.filter(user=user, text=newest, withdrawn_at=None).exists()


def set_language(user: User, language: str) -> None:
    """The language of the account's pages and letters."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def set_page_size(user: User, size: int, *, actor: Any) -> None:
    """How many rows a page of long lists; for oneself alone."""
    who = as_actor(actor)
    if who.user is None or who.user.pk != user.pk:
        raise ValueError("how long a page is, its reader chooses")
    if size not in SIZES:
        raise ValueError(f"no page has {size} rows")
    if user.page_size != size:
        user.page_size = size
        user.save(update_fields=["page_size"])


def set_keeps_views(user: User, keeps: bool) -> None:
    """Whether the account has saved views of lists, for who asks without a query."""
    if user.keeps_views != keeps:
        user.keeps_views = keeps
        user.save(update_fields=["keeps_views"])


def publish_first_text() -> bool:
    """The first text on personal data, where there is none; True when it was written."""
    if ConsentText.objects.exists():
        return False
    bodies = {
        f"body_{language}": (_TEXTS / f"consent_1_{language}.txt").read_text() for language in ("az", "en")
    }
    ConsentText.objects.create(number=1, **bodies)
    return True
