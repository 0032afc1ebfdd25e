"""The cast stands as its comments say."""

from partnerships.directory.access import access_of


def test_a_role_reaches_down_its_own_tree_and_into_no_other(cast):
    assert access_of(cast.user("hr")).covers(cast.substation.path, "hr")
    assert not access_of(cast.user("hr2")).covers(cast.substation.path, "hr")
    assert not access_of(cast.user("mentor")).covers(cast.baki.path, "mentor")


def test_a_stranger_has_an_account_and_no_role(cast):
    assert access_of(cast.user("stranger")).scopes == ()


def test_signing_in_is_one_word(login):
    assert login("rector").get("/home/").status_code == 200
