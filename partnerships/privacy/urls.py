from django.urls import path

from partnerships.privacy import views, views_logs

urlpatterns = [
    path("personal-data/kept/", views.kept, name="personal_data_kept"),
    path("profile/data/", views.my_data, name="my_data"),
    path("profile/data/copy/", views.copy, name="my_data_copy"),
    path("profile/data/copy/progress/", views.copy_progress, name="my_data_progress"),
    path("profile/data/consent/", views.withdraw, name="my_data_withdraw"),
    path("profile/data/erase/", views.erase, name="my_data_erase"),
    path("profile/data/erase/cancel/", views.erase_cancel, name="my_data_erase_cancel"),
    path("data-protection/", views_logs.logs, name="data_protection"),
    path("personal-data/listed/<str:token>/", views.listed, name="listed"),
]
