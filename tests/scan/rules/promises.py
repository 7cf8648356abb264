"""What each rule of promises.yaml finds, and what it leaves. It is read by semgrep and never run."""

# ruleid: asks-other-hosts
import http.client
# ruleid: runs-what-it-reads
import pickle
# ruleid: guessable
import random
import secrets
# ruleid: asks-other-hosts
import socket
# ruleid: starts-programs
import subprocess
# ruleid: asks-other-hosts
import urllib.request
from urllib.parse import urlencode
# ruleid: xml-read-unguarded
from xml.etree import ElementTree

# ruleid: form-without-token
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.csrf import csrf_protect


def markup(request, name):
    # ruleid: markup-declared-safe
    mark_safe(name)
    # ruleid: markup-put-together
    format_html(f"<b>{name}</b>")
    # ruleid: markup-put-together
    format_html("<b>" + name, name)
    # ok: markup-put-together
    format_html("<b>{}</b>", name)
    # ruleid: asked-for-as-page
    HttpResponse(f"<p>{request.GET['q']}")
    # ok: asked-for-as-page
    HttpResponse(render_to_string("page.html", {}))


def queries(request, cursor, slug):
    # ruleid: sql-with-values-in-it
    Text.objects.raw("SELECT * FROM statements_text")
    # ruleid: sql-with-values-in-it
    cursor.execute("SELECT id FROM text WHERE slug = '%s'" % slug)
    # ok: sql-with-values-in-it
    cursor.execute("SELECT id FROM text WHERE slug = %s", [slug])
    words = request.GET.get("q", "")
    query = f"SELECT id FROM text WHERE words LIKE '{words}'"
    # ruleid: asked-for-in-sql
    cursor.execute(query)
    # ok: asked-for-in-sql
    cursor.execute("SELECT id FROM text WHERE words = %s", [words])


def files(request, attachment):
    name = request.GET["name"]
    # ruleid: asked-for-as-file
    open("/srv/" + name)
    # ok: asked-for-as-file
    FileResponse(attachment.file.open())


def moves(request):
    target = request.GET["next"]
    # ruleid: sent-where-asked
    redirect(target)
    # ok: sent-where-asked
    redirect("submissions:sent", handle=request.GET["handle"])
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        # ok: sent-where-asked
        return redirect(target)
    # ok: sent-where-asked
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


def gates(slug):
    # ruleid: past-the-gates
    Text.objects.all()
    # ruleid: past-the-gates
    get_object_or_404(Person, slug=slug)
    # ruleid: past-the-gates
    Statement.objects.filter(slug=slug)
    # ok: past-the-gates
    Text.objects.readable().filter(slug=slug)
    # ok: past-the-gates
    get_object_or_404(Text.objects.published(), slug=slug)


def logs(request, follower, error):
    # ruleid: reader-in-the-log
    logger.error("A fault at %s", request.path)
    # ruleid: reader-in-the-log
    logger.warning("No mail to %s", follower.email)
    # ok: reader-in-the-log
    logger.error("A mail could not be sent: %s", type(error).__name__)
    # ruleid: address-of-a-reader
    request.META.get("REMOTE_ADDR", "")
    # ruleid: address-of-a-reader
    request.headers.get("User-Agent")
    # ok: address-of-a-reader
    request.headers.get("Accept-Language")


def runs(words, archive):
    # ruleid: runs-what-it-reads
    eval(words)
    # ruleid: runs-what-it-reads
    run(["ls", words], shell=True)
    # ruleid: runs-what-it-reads
    archive.extractall("/srv")


def secret(given, token, kept):
    # ruleid: secret-compared-in-time
    if token == given:
        return
    # ok: secret-compared-in-time
    if constant_time_compare(given, kept):
        return
    # ok: secret-compared-in-time
    if token == "":
        return
    # ok: guessable
    secrets.token_urlsafe(32)
