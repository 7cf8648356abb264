"""The page that explains the interface, in every language."""

from statements.api import pages
from statements.pages.routes import page

app_name = "programs"
urlpatterns = [page("api/v1/", pages.interface, name="interface")]
