"""What the administration says to a reader who hears it."""

import re

from django.urls import reverse

from partnerships.accounts.actions import agree, publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.directory.models import Affiliation
from partnerships.indicators.models import Target
from partnerships.testing import factories as make


def test_every_link_and_field_of_the_administration_has_a_name(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    make.organization("Mənbəli fakültə", "faculty", cast.aztu, source="hipo")
    admin = login("admin")
    listed = admin.get("/admin/directory/organization/").text
    assert re.findall(r'<a href="\?source[^"]*">\s*</a>', listed) == []
    assert "göstərilməyib" in listed
    assert 'alt="Search"' not in listed
    assert '<label for="searchbar">Axtar</label>' in listed
    form = admin.get("/admin/accounts/consenttext/add/").text
    fields = re.findall(r'<input[^>]*name="published_[01]"[^>]*>', form)
    assert [re.search(r'aria-label="([^"]*)"', field)[1] for field in fields] == ["Tarix", "Vaxt"]


def test_the_next_text_on_personal_data_begins_as_the_present_one_and_is_asked_for_at_once(
    cast, login, settings
):
    settings.DEMO = True  # no second factor asked in the embedded default
    publish_first_text()
    present, admin = ConsentText.objects.get(), login("admin")
    agree(cast.user("admin"), present)
    add = reverse("admin:accounts_consenttext_add")
    begun = admin.get(add).context["adminform"].form.initial
    assert (begun["number"], begun["body_az"]) == (2, present.body_az)
    typed = {
        "number": 1,
        "body_az": "Mətn",
        "body_en": "Text",
        "published_0": "01.01.2099",
        "published_1": "10:00",
    }
    refused = admin.post(add, typed).context["adminform"].form.errors
    assert sorted(refused) == ["number", "published"]
    admin.post(add, {**typed, "number": 2, "published_0": "01.01.2026"})
    assert ConsentText.objects.first().number == 2


def test_the_present_text_on_personal_data_is_not_published_once_more(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    publish_first_text()
    present, admin = ConsentText.objects.get(), login("admin")
    same = {
        "number": 2,
        "body_az": present.body_az.replace("\n", "\r\n"),
        "body_en": present.body_en.replace("\n", "\r\n"),
        "published_0": "01.01.2026",
        "published_1": "10:00",
    }
    add = reverse("admin:accounts_consenttext_add")
    assert "hazırkı mətnin eynisidir" in admin.post(add, same).text
    assert ConsentText.objects.count() == 1
    admin.post(add, {**same, "body_en": present.body_en + " More."})
    assert ConsentText.objects.count() == 2


def test_no_role_and_no_consent_is_deleted_in_the_administration(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    publish_first_text()
    for name in ("mentor", "admin"):
        agree(cast.user(name), ConsentText.objects.get())
    admin, role = login("admin"), cast.affiliation("mentor")
    for address in (
        f"/admin/directory/person/{cast.mentor.pk}/change/",
        f"/admin/accounts/user/{cast.mentor.user_id}/change/",
    ):
        page = admin.get(address)
        assert page.status_code == 200
        assert "-DELETE" not in page.text
    values = {
        "given_name": "Rəşad",
        "family_name": "Səfərov",
        "user": cast.mentor.user_id,
        "email": "mentor@cast.example",
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-INITIAL_FORMS": "1",
        "affiliations-0-id": role.pk,
        "affiliations-0-person": cast.mentor.pk,
        "affiliations-0-organization": role.organization_id,
        "affiliations-0-role": role.role,
        "affiliations-0-starts": "01.09.2020",
        "affiliations-0-DELETE": "on",
    }
    admin.post(f"/admin/directory/person/{cast.mentor.pk}/change/", values)
    assert Affiliation.objects.filter(pk=role.pk).exists()


def test_the_administration_is_read_in_either_language_and_says_no_keys(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    target = Target.objects.create(indicator="internships.places", year=2026, value=9, set_by=cast.admin.user)
    page = reverse("admin:indicators_target_change", args=[target.pk])
    admin = login("admin")
    shown = admin.get(page).text
    assert "internships.places" not in shown
    assert f'<input type="hidden" name="next" value="{page}">' in shown
    turned = admin.post(reverse("set_language"), {"language": "en", "next": page}, follow=True)
    assert "<h2>Places of practice offered, 2026</h2>" in turned.text


def test_a_superuser_tells_the_parts_of_signing_in_apart_in_both_languages(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    publish_first_text()
    agree(cast.user("admin"), ConsentText.objects.get())
    user = cast.user("admin")
    user.is_superuser = True
    user.save()
    admin = login("admin")
    for language, names in {
        "az": ("Giriş ünvanları", "İkinci təsdiq vasitələri", "Girişlər"),
        "en": ("Sign-in addresses", "Second factors", "Sign-ins"),
    }.items():
        user.language = language
        user.save()
        page = admin.get("/admin/").text
        captions = [one.strip() for one in re.findall(r'class="section"[^>]*>([^<]*)<', page)]
        assert len(set(captions)) == len(captions)
        assert set(names) <= set(captions)
        assert [word for word in ("MFA", "Authenticators", "User sessions") if word in page] == []
