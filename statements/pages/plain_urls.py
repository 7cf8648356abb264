"""Files and answers for programs: one address, no language."""

from statements.operating import readiness
from statements.pages import comparison_csv, media, site
from statements.pages.routes import page

urlpatterns = [
    page("healthz", readiness.healthz, name="healthz"),
    page("readyz", readiness.readyz, name="readyz"),
    page("robots.txt", site.robots, name="robots"),
    page("media/<path:name>", media.media, name="media"),
    page("events/<str:slug>.csv", comparison_csv.event_csv, name="event_csv"),
]
