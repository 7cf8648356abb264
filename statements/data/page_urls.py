"""The page that lists the files of the dump, in every language."""

from statements.data import views
from statements.pages.routes import page

app_name = "data"
urlpatterns = [page("data/", views.dump, name="dump")]
