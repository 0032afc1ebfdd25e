from django.urls import path

from partnerships.portal.pages import direction_page

app_name = "research"
urlpatterns = [path("", direction_page, {"key": "research"}, name="index")]
