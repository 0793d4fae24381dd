"""Pages of the opening list."""

from django.urls import path

from portal.catalog import views

_ONE = "opening/<uuid:pk>/"

urlpatterns: list[object] = [
    path("opening/", views.OpeningList.as_view(), name="opening_list"),
    path(_ONE, views.Workbench.as_view(), name="dataset_desk"),
    path(f"{_ONE}rows/", views.AddRows.as_view(), name="dataset_rows"),
    path(f"{_ONE}term/", views.SetTerm.as_view(), name="dataset_term"),
    path(f"{_ONE}classify/", views.Classify.as_view(), name="dataset_classify"),
    path(f"{_ONE}scan/", views.Scan.as_view(), name="dataset_scan"),
    path(f"{_ONE}assess/", views.AssessRisk.as_view(), name="dataset_assess"),
    path(f"{_ONE}secrecy/", views.ReviewSecrecy.as_view(), name="dataset_secrecy"),
    path(f"{_ONE}preview/", views.OpenPreview.as_view(), name="dataset_preview"),
    path(f"{_ONE}publish/", views.Publish.as_view(), name="dataset_publish"),
    path(f"{_ONE}suspend/", views.Suspend.as_view(), name="dataset_suspend"),
    path(f"{_ONE}resume/", views.Resume.as_view(), name="dataset_resume"),
    path(f"{_ONE}hold/", views.Hold.as_view(), name="dataset_hold"),
    path(f"{_ONE}tighten/", views.Tighten.as_view(), name="dataset_tighten"),
    path(f"{_ONE}reclassify/", views.Reclassify.as_view(), name="dataset_reclassify"),
    path(f"{_ONE}withdraw/", views.Withdraw.as_view(), name="dataset_withdraw"),
]
