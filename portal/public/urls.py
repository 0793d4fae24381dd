"""Pages for everyone: catalog, verification, notices, targets."""

from importlib.util import find_spec

from django.urls import path

from portal.public import catalog, site, verification

urlpatterns = [
    path("", site.Front.as_view(), name="front"),
    path("targets/", site.Targets.as_view(), name="targets"),
    *catalog.urlpatterns,
    *verification.urlpatterns,
]

if find_spec("oversight.queries"):
    from portal.public import notices

    urlpatterns += notices.urlpatterns
else:
    urlpatterns += [path("notices/", site.Front.as_view(), name="notices")]
