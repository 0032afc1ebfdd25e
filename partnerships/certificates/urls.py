from django.urls import path

from partnerships.certificates import batch_views, views
from partnerships.certificates.lists import BATCHES, MINE, certificates
from partnerships.common.lists import list_page

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    path("certificates/", certificates, name="certificates"),
    path("certificates/mine/", list_page, {"page": MINE}, name="my_certificates"),
    path("certificates/batches/", list_page, {"page": BATCHES}, name="certificate_batches"),
    path("certificates/batches/<uuid:uid>/", batch_views.batch, name="certificate_batch"),
    path(
        "certificates/batches/<uuid:uid>/progress/",
        batch_views.batch_progress,
        name="certificate_batch_progress",
    ),
    path("certificates/issue/<str:kind>/", batch_views.batch_new, name="certificate_batch_new"),
    path("certificates/issue/<str:kind>/<uuid:uid>/", views.issue, name="certificate_issue"),
    path("certificates/<uuid:uid>/", views.certificate, name="certificate"),
    path("certificates/<uuid:uid>/<str:language>.pdf", views.pdf, name="certificate_pdf"),
    path("certificates/<uuid:uid>/<str:verb>/", views.act, name="certificate_act"),
]
