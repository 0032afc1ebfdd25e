"""What an administrator's home page says of the outbox."""

from typing import Any

from partnerships.notifications.enums import MessageState
from partnerships.notifications.tests.test_outbox import letter


def test_letters_given_up_wait_for_the_administrator_alone(cast: Any, login: Any) -> None:
    letter("a@else.example", state=MessageState.DEAD)
    letter("b@else.example", state=MessageState.DEAD)
    letter("c@else.example")
    home = login("admin").get("/home/")
    [todo] = home.context["todos"]
    assert (todo.title, todo.count) == ("2 məktub çatdırıla bilmədi", 2)
    assert [(stat.value, stat.label) for stat in home.context["stats"]][-2:] == [
        ("1", "məktub göndərilir"),
        ("2", "məktub çatdırılmayıb"),
    ]
    listed = login("admin").get(todo.url)
    assert sorted(row.address for row in listed.context["cl"].result_list) == [
        "a@else.example",
        "b@else.example",
    ]
    assert login("partnerships").get("/home/").context["todos"] == []
