def test_x(cast, login):
    from partnerships.directory.access import access_of

    assert access_of(cast.user("hr")).covers(cast.substation.path, "hr")
    assert not access_of(cast.user("hr2")).covers(cast.substation.path, "hr")
