"""The inbox: what one was told, and marking it read."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partnerships.common.api import Nothing, Verbs, add_verbs
from partnerships.common.narrowing import ByChoice
from partnerships.common.viewsets import VisibleViewSet
from partnerships.notifications import actions
from partnerships.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    title = serializers.CharField(source="heading")
    text = serializers.CharField()
    page = serializers.CharField()

    class Meta:
        model = Notification
        fields = ("uid", "kind", "title", "text", "page", "created", "read_at")
        read_only_fields = fields


class NotificationFilter(django_filters.FilterSet):
    unread = django_filters.BooleanFilter("read_at", lookup_expr="isnull")
    show = ByChoice(lambda rows, _all, _user: rows, choices=[("all", _("All"))])

    class Meta:
        model = Notification
        fields = ("unread", "show")


def _read(notification: Notification, *, actor: Any) -> Notification:
    """Mark it read; twice keeps the first moment."""
    return actions.mark_read(notification)


VERBS: Verbs = {"read": (Nothing, _read)}


class NotificationViewSet(VisibleViewSet):
    """What you were told, newest first, in your language."""

    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    queryset = Notification.objects.none()


add_verbs(NotificationViewSet, VERBS)
RESOURCES = (("notifications", NotificationViewSet),)
