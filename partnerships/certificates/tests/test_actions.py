"""Issuing, revoking and renewing: what is printed stays, numbers have no gaps, of one object one is live."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from partnerships.certificates import actions, codes
from partnerships.certificates.models import Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.common.models import Counter
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.directory.enums import AffiliationState
from partnerships.directory.models import Affiliation, Person
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import link_actor
from partnerships.workflow.models import Change

Issued = Callable[..., Certificate]


def test_a_certificate_says_what_its_object_says_and_who_issued_it(cast: Cast, issued: Issued) -> None:
    with time_machine.travel("2026-11-25 10:00+04:00"):
        made = issued()
    assert made.snapshot == {
        "title": {"az": "Üzvlük sertifikatı", "en": "Certificate of membership"},
        "issuer": {"az": "“Azərişıq” ASC", "en": "“Azərişıq” ASC"},
        "text": {"az": "bu təşkilatda çalışır", "en": "works in this organisation"},
        "lines": [
            {
                "key": "unit",
                "label": {"az": "Bölmə", "en": "Unit"},
                "value": {"az": "“Yasamal” yarımstansiyası", "en": "“Yasamal” yarımstansiyası"},
            },
            {
                "key": "since",
                "label": {"az": "Nə vaxtdan", "en": "Since"},
                "value": {"az": "01.09.2020", "en": "01.09.2020"},
            },
        ],
        "signatories": [
            {"position": {"az": "İnsan resursları", "en": "Human resources"}, "name": "Leyla Rəhimova"}
        ],
    }
    assert (made.serial, made.holder_name, made.state) == ("US-2026-00001", "Səfərov Rəşad", "issued")
    assert (made.template, made.template_version, made.is_sound) == ("certificates/standard", 1, True)
    change = Change.objects.of(made).get()
    assert (change.verb, change.to_state, change.user) == ("issue", "issued", cast.user("hr"))


def test_renames_leave_what_is_printed_alone(cast: Cast, issued: Issued) -> None:
    made = issued()
    Person.objects.filter(pk=cast.mentor.pk).update(family_name="Başqası")
    cast.azerisiq.name = "Yeni ad"
    cast.azerisiq.save()
    again = Certificate.objects.get(pk=made.pk)
    assert (again.holder_name, again.issuer_name) == ("Səfərov Rəşad", "“Azərişıq” ASC")
    assert again.is_sound


def test_a_row_edited_by_hand_is_not_sound_any_more(issued: Issued) -> None:
    made = issued()
    for change in (
        {"holder_name": "Saxta Ad"},
        {"valid_to": date(2040, 1, 1)},
        {"snapshot": made.snapshot | {"lines": []}},
    ):
        with transaction.atomic():
            Certificate.objects.filter(pk=made.pk).update(**change)
            assert not Certificate.objects.get(pk=made.pk).is_sound
            transaction.set_rollback(True)
    assert Certificate.objects.get(pk=made.pk).is_sound


def test_issuing_twice_answers_with_the_same(cast: Cast, issued: Issued) -> None:
    first, second = issued(), issued()
    assert (first.pk, first.made, second.made) == (second.pk, True, False)
    assert Change.objects.of(first).count() == 1


def test_the_database_takes_no_second_live_one(issued: Issued) -> None:
    made = issued()
    values = {
        f.attname: getattr(made, f.attname) for f in made._meta.fields if f.attname not in ("id", "uid")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**(values | {"serial": "US-2026-99999", "code": "CCCCCCCCCCCC"}))


def test_numbers_follow_each_other_for_each_issuer_and_year(cast: Cast, issued: Issued) -> None:
    with time_machine.travel("2026-12-31 19:59:00+00:00"):  # 23:59 in Baku
        serials = [issued("mentor").serial, issued("expert").serial, issued("mentor2", "hr2").serial]
    with time_machine.travel("2026-12-31 20:01:00+00:00"):
        serials.append(issued("trainer").serial)
    other = f"US{cast.other_company.pk}"
    assert serials == ["US-2026-00001", "US-2026-00002", f"{other}-2026-00001", "US-2027-00001"]


def test_a_refused_one_takes_no_number(cast: Cast, issued: Issued) -> None:
    Affiliation.objects.filter(person=cast.expert).update(state=AffiliationState.REQUESTED)
    with pytest.raises(Blocked) as blocked:
        issued("expert")
    assert blocked.value.refusal.code == "unverified"
    issued("mentor")
    assert Counter.objects.get(series="US").value == 1


@pytest.mark.parametrize(
    "who", ["student", "coordinator", "hr2", "mentor", "supervisor", "admin", "stranger", "partnerships"]
)
def test_only_who_answers_for_it_issues(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        actions.issue(cast.affiliation("expert"), kind=KEY, actor=cast.user(who))
    assert not Certificate.objects.exists()


def test_nobody_issues_to_themselves_or_revokes_their_own(cast: Cast, issued: Issued) -> None:
    with pytest.raises(Refused):
        actions.issue(cast.affiliation("hr"), kind=KEY, actor=cast.user("hr"))
    made = issued("mentor")
    Certificate.objects.filter(pk=made.pk).update(holder=cast.hr)
    with pytest.raises(Refused):
        actions.revoke(Certificate.objects.get(pk=made.pk), actor=cast.user("hr"), note="səbəb")


def test_a_signed_link_ends_no_certificate(cast: Cast, issued: Issued) -> None:
    made = issued()
    by = link_actor(cast.hr.pk, f"certificates.Certificate:{made.pk}")
    with pytest.raises(Refused):
        actions.revoke(made, actor=by, note="səbəb")


def test_revoking_needs_a_reason_and_keeps_it(cast: Cast, issued: Issued) -> None:
    made = issued()
    with pytest.raises(Missing):
        actions.revoke(made, actor=cast.user("hr"), note="  ")
    actions.revoke(made, actor=cast.user("hr"), note="Səhvən verilib")
    made.refresh_from_db()
    assert (made.state, made.reason, made.is_sound) == ("revoked", "Səhvən verilib", True)
    for verb in (actions.revoke, actions.reissue):
        with pytest.raises(IllegalTransition):
            verb(made, actor=cast.user("hr"), note="yenə")


def test_a_revoked_one_is_followed_only_when_that_is_meant(cast: Cast, issued: Issued) -> None:
    first = actions.revoke(issued(), actor=cast.user("hr"), note="Səhv")
    with pytest.raises(Blocked) as blocked:
        issued()
    assert blocked.value.refusal.code == "revoked"
    second = actions.issue(cast.affiliation("mentor"), kind=KEY, actor=cast.user("hr"), again=True)
    assert (second.pk != first.pk, second.serial[-5:], second.code != first.code) == (True, "00002", True)


def test_reissuing_makes_a_new_one_and_the_old_one_points_to_it(cast: Cast, issued: Issued) -> None:
    old = issued()
    Person.objects.filter(pk=cast.mentor.pk).update(patronymic="Əli oğlu")
    new = actions.reissue(
        Certificate.objects.get(pk=old.pk), actor=cast.user("hr"), note="Ata adı əlavə edildi"
    )
    old.refresh_from_db()
    assert (old.state, old.replaced_by, old.reason) == ("replaced", new, "Ata adı əlavə edildi")
    assert (old.holder_name, new.holder_name) == ("Səfərov Rəşad", "Səfərov Rəşad Əli oğlu")
    assert (new.serial[-5:], new.state, new.replaces) == ("00002", "issued", old)
    assert [c.verb for c in Change.objects.of(new)] == ["issue_anew"]
    assert Change.objects.of(new).get().data == {"replaces": old.serial}


def test_what_no_longer_holds_is_not_renewed(cast: Cast, issued: Issued) -> None:
    made = issued()
    Affiliation.objects.filter(person=cast.mentor).update(state=AffiliationState.REQUESTED)
    with pytest.raises(Blocked) as blocked:
        actions.reissue(Certificate.objects.get(pk=made.pk), actor=cast.user("hr"), note="yenə")
    assert blocked.value.refusal.code == "unverified"
    made.refresh_from_db()
    assert (made.state, Certificate.objects.count(), Counter.objects.get(series="US").value) == (
        "issued",
        1,
        1,
    )


def test_the_slower_of_two_who_end_it_is_told(cast: Cast, issued: Issued) -> None:
    one = issued()
    other = Certificate.objects.get(pk=one.pk)
    actions.revoke(one, actor=cast.user("hr"), note="birinci")
    with pytest.raises(StaleState):
        actions.revoke(other, actor=cast.user("hr"), note="ikinci")
    assert Certificate.objects.get(pk=one.pk).reason == "birinci"


def test_many_are_issued_and_each_refusal_is_told(cast: Cast, issued: Issued) -> None:
    issued("trainer")
    Affiliation.objects.filter(person=cast.founder).update(state=AffiliationState.REQUESTED)
    rows = [cast.affiliation(who) for who in ("mentor", "trainer", "founder", "hr", "mentor2")]
    result = actions.issue_many(rows, kind=KEY, actor=cast.user("hr"))
    assert [row.holder for row in result.issued] == [cast.mentor]
    assert [row.holder for row in result.already] == [cast.trainer]
    assert [obj.person for obj, _reason in result.refused] == [cast.founder, cast.hr, cast.mentor2]
    assert all(reason for _obj, reason in result.refused)


HOSTILE = ['#panic("x")', '$x$ ] \\ "', "=HYPERLINK(1)", "<script>alert(1)</script>", "Ad\u202e\nSoyad"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_one_line_of_text(cast: Cast, issued: Issued, name: str) -> None:
    Affiliation.objects.filter(person=cast.mentor).update(position=name)
    lines = dict(issued().lines)
    assert lines["Vəzifə"] == " ".join(name.replace("\u202e", "").replace("\x00", "").split())


def test_codes_are_random_and_hold_no_letters_that_look_alike() -> None:
    made = {codes.new_code() for _n in range(2000)}
    assert len(made) == 2000
    assert set("".join(made)) == set(codes.ALPHABET)
    assert set(codes.ALPHABET) & set("0OQ1IL2Z5S8BUAE") == set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K7MH-3XPD-9DFT", "K7MH3XPD9DFT"),
        ("  k7mh 3xpd 9dft\n", "K7MH3XPD9DFT"),
        ("k7mh–3xpd—9dft.", "K7MH3XPD9DFT"),
        ("К7МН-3ХРD-9DFТ", "K7MH3XPD9DFT"),  # typed on a Cyrillic keyboard
        ("K7MH-3XPD-9DF", ""),
        ("K7MH-3XPD-9DFTT", ""),
        ("O7MH-3XPD-9DFT", ""),
        ("' OR 1=1 --", ""),
        ("", ""),
        ("K" * 10_000, ""),
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str, meant: str) -> None:
    assert codes.normalise(typed) == meant
    assert codes.grouped("K7MH3XPD9DFT") == "K7MH-3XPD-9DFT"


def test_a_type_that_is_gone_leaves_its_certificates_readable(
    cast: Cast, issued: Issued, settings: Any
) -> None:
    made = issued()
    settings.CERTIFICATE_SOURCES = []
    again = Certificate.objects.visible_to(cast.user("mentor")).get(pk=made.pk)
    assert (again.title, again.is_sound) == ("Üzvlük sertifikatı", True)
    with pytest.raises(Refused):
        actions.revoke(again, actor=cast.user("hr"), note="səbəb")
