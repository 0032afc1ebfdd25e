from django.urls import path

from technopark import views

app_name = "technopark"
urlpatterns = [
    path("", views.index, name="index"),
]
