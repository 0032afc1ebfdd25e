"""The list of requests to join, to be taken away."""

from partnerships.common.lists import offer
from partnerships.joining.views import REQUESTS

offer(REQUESTS, people=True)
