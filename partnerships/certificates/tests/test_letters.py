"""The holder hears of it, after the commit and in the words of the paper."""

from collections.abc import Callable
from typing import Any

from partnerships.certificates import actions
from partnerships.certificates.models import Certificate
from partnerships.notifications.models import Message, Notification
from partnerships.testing.cast import Cast


def test_the_holder_gets_a_letter_for_each_thing_that_happens(
    cast: Cast, issued: Callable[..., Certificate], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        old = issued()
    with django_capture_on_commit_callbacks(execute=True):
        new = actions.reissue(old, actor=cast.user("hr"), note="Ad düzəldildi")
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke(new, actor=cast.user("hr"), note="Səhvən verilib")
    told = Notification.objects.order_by("pk").values_list("person", "kind")
    assert list(told) == [
        (cast.mentor.pk, "certificates.issued"),
        (cast.mentor.pk, "certificates.reissued"),
        (cast.mentor.pk, "certificates.revoked"),
    ]
    bodies = list(Message.objects.order_by("pk").values_list("text", flat=True))
    assert f"№ {old.serial}" in bodies[0]
    assert f"http://localhost:8000/verify/{old.code}/" in bodies[0]
    assert f"№ {new.serial}" in bodies[1]
    assert f"№ {old.serial} əvəzinədir" in bodies[1]
    assert "Səbəb: Səhvən verilib" in bodies[2]


def test_who_has_no_account_but_an_address_gets_the_mail(
    cast: Cast, issued: Callable[..., Certificate], django_capture_on_commit_callbacks: Any
) -> None:
    type(cast.mentor).objects.filter(pk=cast.mentor.pk).update(user=None)
    with django_capture_on_commit_callbacks(execute=True):
        issued()
    assert list(Message.objects.values_list("address", flat=True)) == ["mentor@cast.example"]
