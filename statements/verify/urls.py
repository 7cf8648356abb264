"""In every language of the interface."""

from django.urls import path

from statements.verify.views import verify

app_name = "verify"
urlpatterns = [path("verify/", verify, name="verify")]
