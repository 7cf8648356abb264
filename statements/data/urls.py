"""The files of the dump: one address, no language."""

from statements.data import views
from statements.pages.routes import page

app_name = "dumps"
urlpatterns = [page("data/<str:name>", views.file, name="file")]
