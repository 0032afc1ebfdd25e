"""What a worker knows of reviews: the kind of table that assigns them."""

from partnerships.reviews import bringing  # noqa: F401
