"""The demonstration that `make run` shows stands, and every account of the README opens its home."""

import pytest
from django.test import Client

from partnerships.accounts.models import User

NAMES = (
    "student student2 coordinator coordinator2 supervisor hr hr2 mentor mentor2 partnerships legal rector "
    "director protection lecturer expert organiser trainer founder admin"
)


@pytest.mark.wide
@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_every_demo_account_opens_its_home(settings):
    settings.DEMO = True
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(
        f"{n}@demo.example" for n in NAMES.split()
    )
    homes = {}
    for user in User.objects.all():
        client = Client()
        assert client.login(username=user.email, password=settings.DEMO_PASSWORD)
        home = client.get("/home/")
        assert home.status_code == 200
        homes[user.email.partition("@")[0]] = home.content.decode()
    assert "Təsdiqləyin: " in homes["director"]  # an agreement that the company's leadership approves
    assert "Məlumatlarınız silinəcək" in homes["lecturer"]
    assert "/data-protection/?show=erasures" in homes["protection"]
