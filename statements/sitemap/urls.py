"""What search engines ask for: one address, no language."""

from statements.pages.routes import page
from statements.sitemap import views

app_name = "sitemap"
urlpatterns = [
    page("sitemap.xml", views.index, name="index"),
    page("sitemaps/<str:name>-<int:number>.xml", views.file, name="file"),
]
