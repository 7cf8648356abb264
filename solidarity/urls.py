from django.conf.urls.i18n import i18n_patterns

from statements.urls import in_every_language, with_one_address

urlpatterns = [
    *with_one_address,
    *i18n_patterns(*in_every_language, prefix_default_language=False),
]
