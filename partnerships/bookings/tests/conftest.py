"""What most tests of bookings begin with."""

import pytest

from partnerships.bookings.tests.makers import site, workday


@pytest.fixture
def house(cast):
    """The site of makers, the company's own."""
    return site(cast.azerisiq)


@pytest.fixture
def day():
    return workday()
