"""Addresses under /dataset/."""

from django.urls import path

from problems import dataset_views as views

app_name = "dataset"

urlpatterns = [
    path("", views.dataset, name="page"),
    path("quarantine/", views.quarantine, name="quarantine"),
    path("imports/", views.imports, name="imports"),
    path("imports/<int:pk>/", views.run_detail, name="run"),
    path("imports/<int:pk>/live/", views.run_live, name="run_live"),
    path("imports/<int:pk>/cancel/", views.run_cancel, name="run_cancel"),
    path("imports/<int:pk>/resume/", views.run_resume, name="run_resume"),
    path("imports/<int:pk>/undo/", views.run_undo, name="run_undo"),
    path("imports/<int:pk>/rows/", views.run_rows, name="run_rows"),
    path("rows/<int:pk>/", views.row_detail, name="row"),
    path("rows/<int:pk>/raw/", views.row_raw, name="row_raw"),
    path("rows/<int:pk>/mend/", views.row_mend, name="row_mend"),
    path("rows/<int:pk>/publish/", views.row_publish, name="row_publish"),
]
