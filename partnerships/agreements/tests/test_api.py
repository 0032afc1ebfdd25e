"""The same rights and verbs for programs."""

from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Signature
from partnerships.agreements.tests import makers


def post(client, agreement, verb, body=None):
    return client.post(
        f"/api/v1/agreements/{agreement.uid}/{verb}/", body or {}, content_type="application/json"
    )


def test_a_row_is_read_by_its_parties_and_is_404_to_others(cast, login):
    agreement = makers.sent(cast)
    answer = login("coordinator").get(f"/api/v1/agreements/{agreement.uid}/").json()
    assert (answer["number"], answer["state"], answer["text_hash"]) == (
        agreement.number,
        "signing",
        agreement.text.sha256,
    )
    assert [(party["role"], party["signed_at"]) for party in answer["parties"]] == [
        ("university", None),
        ("company", None),
    ]
    assert [verb["name"] for verb in answer["actions"]] == ["sign", "return"]
    for name in ("coordinator2", "hr2", "student"):
        assert login(name).get(f"/api/v1/agreements/{agreement.uid}/").status_code == 404
        assert login(name).get("/api/v1/agreements/").json()["results"] == []
        assert post(login(name), agreement, "sign").status_code in (400, 404)


def test_it_is_signed_with_the_fingerprint_of_what_was_read(cast, login):
    agreement = makers.sent(cast)
    body = {
        "text_hash": agreement.text.sha256,
        "legal_name": "Sevinc Quliyeva",
        "read": True,
        "position": "Dekan",
    }
    university, company = login("coordinator"), login("hr")
    early = post(company, agreement, "sign", {**body, "legal_name": "Leyla Rəhimova"})
    assert (early.status_code, early.json()["code"]) == (409, "not_your_turn")
    changed = post(university, agreement, "sign", {**body, "text_hash": "0" * 64})
    assert (changed.status_code, changed.json()["code"]) == (409, "text_changed")
    unread = post(university, agreement, "sign", {**body, "read": False})
    assert (unread.status_code, next(iter(unread.json()))) == (400, "read")
    other = post(university, agreement, "sign", {**body, "legal_name": "Başqa Adam"})
    assert (other.status_code, next(iter(other.json()))) == (400, "legal_name")
    for nowhere in ({**body, "position": " "}, {key: body[key] for key in body if key != "position"}):
        unnamed = post(university, agreement, "sign", nowhere)
        assert (unnamed.status_code, next(iter(unnamed.json()))) == (400, "position")
    assert Signature.objects.count() == 0
    done = post(university, agreement, "sign", body)
    assert (done.status_code, done.json()["parties"][0]["signed_by"]) == (200, "Sevinc Quliyeva")
    twice = post(university, agreement, "sign", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_signed")
    cast.hr.affiliations.update(position="Kadrlar şöbəsinin rəisi")
    named = {**body, "legal_name": "Leyla Rəhimova", "position": ""}
    last = post(company, agreement, "sign", named)
    assert (last.status_code, last.json()["state"]) == (200, A.IN_FORCE)
    rows = (
        Signature.objects.filter(ip="127.0.0.1").order_by("party__order").values_list("position", flat=True)
    )
    assert list(rows) == ["Dekan", "Kadrlar şöbəsinin rəisi"]


def test_the_other_verbs_go_by_the_same_actions(cast, login):
    agreement = makers.draft(cast)
    assert post(login("hr"), agreement, "send").json()["state"] == "signing"
    assert post(login("coordinator"), agreement, "return").status_code == 400
    assert post(login("coordinator"), agreement, "return", {"note": "Səhv"}).json()["state"] == "draft"
    assert post(login("coordinator"), agreement, "withdraw").status_code == 403
    assert post(login("hr"), agreement, "withdraw").json()["state"] == "withdrawn"
    assert post(login("hr"), agreement, "withdraw").status_code == 409
    rows = login("hr").get("/api/v1/agreements/?state=withdrawn&kind=framework").json()["results"]
    assert [row["uid"] for row in rows] == [str(agreement.uid)]
