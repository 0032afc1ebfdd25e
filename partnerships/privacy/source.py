"""What personal data give the portal: the way of who guards them to the logs."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.direction import MenuItem, Source
from partnerships.privacy import rules

SOURCE = Source(key="privacy", menu=(MenuItem(_("Data protection"), "data_protection", rules.reads_logs),))
