"""Files and answers for programs: one address, no language."""

from django.urls import path

from statements.pages import site

urlpatterns = [path("healthz", site.healthz, name="healthz")]
