from django.conf.urls.i18n import i18n_patterns

from statements.urls import in_every_language, with_one_address

handler400 = "statements.api.faults.bad_request"
handler404 = "statements.api.faults.page_not_found"
handler500 = "statements.api.faults.server_error"
# Ours: what solidarity/shedding.py answers with.
handler503 = "statements.api.faults.busy"

urlpatterns = [
    *with_one_address,
    *i18n_patterns(*in_every_language, prefix_default_language=False),
]
