"""Lists of certificates that may be taken away: one's own, those of others, what was issued together."""

from partnerships.certificates.lists import BATCHES, CERTIFICATES, MINE
from partnerships.common.lists import offer

offer(CERTIFICATES, people=True)
offer(MINE)
offer(BATCHES)
