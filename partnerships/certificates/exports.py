"""Lists of certificates that may be taken away: one's own, those of others, what was issued together."""

from partnerships.certificates.lists import BATCHES, CERTIFICATES, MINE, table
from partnerships.common.listing import listing
from partnerships.common.lists import offer

listing(CERTIFICATES.download, people=True)(table)
offer(MINE)
offer(BATCHES)
