from django.urls import path

from partnerships.accounts import views

urlpatterns = [
    path("personal-data/", views.personal_data, name="personal_data"),
    path("personal-data/agree/", views.personal_data_agree, name="personal_data_agree"),
    path("page-size/", views.set_page_size, name="set_page_size"),
    path("language/", views.set_language, name="set_language"),
]
