"""What happened to a booking and to what is booked, in words."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.bookings.workflow import BOOKING

DONE = {
    **BOOKING.told,
    "book": gettext_lazy("Booking made"),
    "disturbed": pgettext_lazy("booking", "A closure lies in this time"),
    "outside": pgettext_lazy("booking", "Opening hours were changed: it is no longer open at this time"),
    "reopened": pgettext_lazy("booking", "It is open again at this time"),
}
# For other pages (`workflow.words`).
TOLD = {
    "booking": DONE,
    "thing": {
        "hours": pgettext_lazy("booking", "Opening hours changed"),
        "feed": pgettext_lazy("booking", "Calendar address made"),
        "feed_end": pgettext_lazy("booking", "Calendar addresses closed"),
        "end_quota": pgettext_lazy("booking", "Hours a month ended"),
    },
    "closure": {"close": pgettext_lazy("booking", "Closed for a time")},
    "quota": {"give": pgettext_lazy("booking", "Hours a month given")},
    "message": {"ask": pgettext_lazy("booking", "More information was asked for")},
}
