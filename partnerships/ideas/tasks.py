"""What a worker knows of ideas: the kind of table that brings them."""

from partnerships.ideas import bringing  # noqa: F401
