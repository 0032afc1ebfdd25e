"""Every write of the bookings engine."""

from partnerships.bookings.actions.booking import (
    Taken,
    approve,
    book,
    cancel,
    check_in,
    decline,
    fall_away,
    finish,
    follow,
    move,
    withdraw,
)
from partnerships.bookings.actions.closing import close, lift
from partnerships.bookings.actions.feeds import close_feeds, open_feed
from partnerships.bookings.actions.hitting import Unseen
from partnerships.bookings.actions.line import accept, run_clocks
from partnerships.bookings.actions.quotas import change_hours, end_quota, give_hours
from partnerships.bookings.actions.series import SeriesClash, book_series, each_of, move_series, occurrences
from partnerships.bookings.actions.talking import ask_more, say
from partnerships.bookings.actions.things import add_thing, change_thing, rewrite_thing, set_hours, set_parts

__all__ = [
    "SeriesClash",
    "Taken",
    "Unseen",
    "accept",
    "add_thing",
    "approve",
    "ask_more",
    "book",
    "book_series",
    "cancel",
    "change_hours",
    "change_thing",
    "check_in",
    "close",
    "close_feeds",
    "decline",
    "each_of",
    "end_quota",
    "fall_away",
    "finish",
    "follow",
    "give_hours",
    "lift",
    "move",
    "move_series",
    "occurrences",
    "open_feed",
    "rewrite_thing",
    "run_clocks",
    "say",
    "set_hours",
    "set_parts",
    "withdraw",
]
