from django.urls import path

from partnerships.portal.pages import direction_page

app_name = "technopark"
urlpatterns = [path("", direction_page, {"key": "technopark"}, name="index")]
