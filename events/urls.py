from django.urls import path

from partnerships.portal.pages import direction_page

app_name = "events"
urlpatterns = [path("", direction_page, {"key": "events"}, name="index")]
