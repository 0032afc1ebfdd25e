from django.urls import path

from partnerships.portal.pages import direction_page

app_name = "training"
urlpatterns = [path("", direction_page, {"key": "training"}, name="index")]
