"""Pages for everyone: catalog, verification, notices, targets, statistics."""

from django.urls import path

from portal.public import agreements, catalog, notices, site, status, verification

urlpatterns = [
    path("", site.Front.as_view(), name="front"),
    path("targets/", site.Targets.as_view(), name="targets"),
    path("statistics/", site.Statistics.as_view(), name="statistics"),
    *catalog.urlpatterns,
    *agreements.urlpatterns,
    *verification.urlpatterns,
    *notices.urlpatterns,
    *status.urlpatterns,
]
