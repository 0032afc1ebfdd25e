"""The public page of who wants to join: one request, its link, what is refused, how often one may ask."""

import pytest

from partnerships.joining import links
from partnerships.joining.models import JoinRequest
from partnerships.joining.tests.makers import TYPED
from partnerships.notifications.models import Message


def test_the_public_page_makes_a_request_and_mails_the_link_to_it(client, cast):
    answer = client.post("/join/", TYPED)
    made = JoinRequest.objects.get()
    assert (answer.status_code, made.state, made.domain, made.wanted[0]) == (
        200,
        "received",
        "karabakh.edu.az",
        "Tədqiqat və İnnovasiya",
    )
    letter = Message.objects.get(address=made.email)
    assert links.path_of(made) in letter.text
    assert letter.secret
    page = client.get(links.path_of(made))
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert "Aysel Hüseynova" in page.content.decode()


def test_the_directions_are_called_as_everywhere_in_the_portal(client, cast):
    page, front = client.get("/join/").text, client.get("/").text
    for name in ("Təcrübə və İnternship Proqramları", "Kadr Hazırlığı və Təlim"):
        assert (name in page, name in front) == (True, True)


def test_asking_twice_is_one_request_and_the_link_again(client, cast):
    for _time in range(2):
        client.post("/join/", TYPED)
    made = JoinRequest.objects.get()
    assert Message.objects.filter(address=made.email).count() == 2


def test_what_the_portal_knows_is_asked_back_by_name_or_domain(client, cast):
    known = client.post("/join/", {**TYPED, "name": "azerbaycan texniki universiteti", "domain": ""})
    assert (known.status_code, JoinRequest.objects.count()) == (422, 0)
    assert [one.pk for one in known.context["form"].found] == [cast.aztu.pk]
    typed = {**TYPED, "name": "azerbaycan texniki universiteti", "known": str(cast.aztu.pk)}
    client.post("/join/", typed)
    assert JoinRequest.objects.get().organization == cast.aztu
    client.post("/join/", {**typed, "email": "other@karabakh.edu.az", "known": "none"})
    assert JoinRequest.objects.latest("pk").organization is None
    another = str(cast.adnsu.pk)  # not among those that were found
    assert (
        client.post("/join/", {**typed, "email": "third@karabakh.edu.az", "known": another}).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "aysel"}, "email"),
        ({"email": f"aysel@{'a.' * 130}edu.az"}, "email"),
        ({"name": " "}, "name"),
        ({"kind": "bank"}, "kind"),
        ({"phone": "12"}, "phone"),
        ({"domain": "http:// yox"}, "domain"),
        ({"directions": ["kitchen"]}, "directions"),
        ({"message": "a" * 2001}, "message"),
        ({"website": "http://spam.example"}, "website"),
    ],
)
def test_bad_input_is_refused_on_its_field_and_kept(client, cast, wrong, field):
    answer = client.post("/join/", {**TYPED, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Birgə laboratoriya" in answer.content.decode() or field == "message"
    assert JoinRequest.objects.count() == 0


def test_one_network_asks_so_often_an_hour(client, cast, settings):
    settings.JOIN_LIMIT = 2
    codes = [
        client.post("/join/", {**TYPED, "email": f"n{number}@karabakh.edu.az"}).status_code
        for number in range(3)
    ]
    assert (codes, JoinRequest.objects.count()) == ([200, 200, 429], 2)


@pytest.mark.parametrize(
    ("networks", "mailbox", "codes"),
    [
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"], "k{}", [200, 200, 429]),
        (["2001:db8:2:2::1", "2001:db8:2:3::1", "192.0.2.7"], "m{}", [200, 200, 200]),
        (["2001:db8:3:2::1", "2001:db8:3:3::1", "192.0.2.9"], "Same", [200, 200, 429]),
    ],
)
def test_neither_many_addresses_of_one_network_nor_many_networks_fill_a_mailbox(
    client, cast, settings, networks, mailbox, codes
):
    settings.JOIN_LIMIT = 2
    answers = [
        client.post("/join/", {**TYPED, "email": f"{mailbox.format(n)}@karabakh.edu.az"}, REMOTE_ADDR=address)
        for n, address in enumerate(networks)
    ]
    assert [answer.status_code for answer in answers] == codes


def test_who_does_not_say_who_joins_is_told_to_choose_and_keeps_what_was_typed(client, cast):
    page = client.post("/join/", {key: value for key, value in TYPED.items() if key != "kind"})
    told = "Kimin qoşulduğunu seçin: universitet, yoxsa şirkət və ya başqa təşkilat."
    assert (page.status_code, told in page.text, TYPED["name"] in page.text) == (422, True, True)
