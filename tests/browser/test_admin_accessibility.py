"""axe-core over the pages of the admin that are ours, in both schemes and directions.

The pages for signing in and for one's account are read in test_sign_in.py.
"""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from statements.models import SiteSettings, SiteText, Suggestion, Text
from statements.publishing import releases, review, workflow
from statements.submissions import workflow as submissions
from tests.browser.looking import WIDER_THAN_THE_WINDOW, violations
from tests.factories import (
    make_attachment,
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_submission,
    make_submission_attachment,
    make_text,
    make_update,
)

# What Django's own templates and its select2 lack: the rule, and how the element begins.
DJANGOS = (
    # admin/edit_inline/tabular.html: the column of the rows' own names has no head.
    ("empty-table-header", '<th class="original">'),
    # admin/search_form.html: the label of the search holds a picture without words.
    ("label-title-only", '<input type="text" size="40" name="q"'),
    # select2 opens its list at the end of the page, outside the landmarks, which is one of its own.
    ("region", '<span class="select2-container'),
)

# Fields that end outside of their row, whose rest cannot be seen, or have no room for a word.
CUT_OFF = """() => [...document.querySelectorAll(
    ".form-row :is(input, select, textarea, .select2-container), #searchbar"
  )]
  .filter((one) => {
    const field = one.getBoundingClientRect();
    const row = (one.closest(".form-row") || one.form).getBoundingClientRect();
    const isCut = field.right > row.right + 1 || field.left < row.left - 1;
    return field.width > 2 && (isCut || one.id == "searchbar" && field.width < 100);
  })
  .map((one) => one.name || one.className)"""


@pytest.fixture
def pages(live_server, desk, settings):
    """The addresses of the pages, each full of what it can hold."""
    settings.SUBMISSION_ATTACHMENTS = settings.PDF_ATTACHMENTS = True
    editor = get_user_model().objects.get(username="ed")
    event, person = make_event(), make_person("Amina Okoye")
    event.places.add(make_place("XA"))
    demand = make_demand("Free elections", people=[person])
    text = make_text(
        "They strike",
        introduction="<p>The strike has begun.</p>",
        body="<p>Free Amina Okoye. Free elections now.</p>",
        organisations=[make_organisation()],
        events=[event],
        places=[make_place("XB")],
        tags=["strikes"],
    )
    make_demand_made(text, "Free elections now.", demand=demand)
    make_demand_made(text, "The strike has begun.", field="introduction", voice="editors")
    make_naming(text, person)
    make_attachment(text)
    french = make_text(statement=text.statement, language="fr", body="<p>Amina Okoye est là.</p>")
    make_demand_made(french, "Élections libres", demand=demand)
    make_naming(french, person)
    workflow.save_words(
        text,
        text.working_revision.words | {"introduction": "<p>It goes on.</p>"},
        based_on=text.working_revision_id,
    )
    for kind, words in (("demand", "Free Amina Okoye."), ("appeal", "Donate.")):
        Suggestion.objects.create(
            statement=text.statement, kind=kind, words=words, field="body" * (kind == "demand")
        )
    SiteText.objects.create(site=SiteSettings.objects.create(pk=1), language="en", name="Site")
    make_text("They won", slug="taken")
    wrong = make_update(demand, "met", by=editor)
    make_update(demand, "partly-met", by=editor, corrects=wrong, note="Misread.")
    other = make_demand("Free elections today", people=[person], kind=demand.kind)
    release = releases.prepare(name="Together", at=timezone.now() + timedelta(1), by=editor)
    ready = make_text("They go out", published=False, body="<p>Words.</p>")
    releases.join(release, ready.working_revision, by=editor)
    broken = make_text("They are held back", published=False, body="<p>Words.</p>")
    releases.join(release, broken.working_revision, by=editor)
    review.send_back(broken.working_revision, by=editor)
    submission = make_submission()
    make_submission_attachment(submission)
    make_submission_attachment(submission, SimpleUploadedFile("a.pdf", b"%PDF-1.4 %%EOF"))
    submissions.take_up(submission, by=editor)
    admin = "/admin/statements"
    statement = f"{admin}/statement/{text.statement_id}"
    return {
        "list": f"{admin}/statement/",
        "unfinished": f"{admin}/statement/?lacks=quotation",
        "empty form": f"{admin}/statement/add/",
        "form": f"{statement}/change/",
        "preview": f"{statement}/preview/",
        "history": f"{statement}/history/",
        "revision": f"{statement}/revisions/{text.working_revision_id}/",
        "standing": f"{statement}/standing/",
        "translation": f"{admin}/text/{french.pk}/change/",
        "site": f"{admin}/sitesettings/1/change/",
        "operation": f"{admin}/sitesettings/operation/",
        "event": f"{admin}/event/{event.pk}/change/",
        "delete": f"{admin}/event/{event.pk}/delete/",
        "organisation": f"{admin}/organisation/add/",
        "demand": f"{admin}/demand/{demand.pk}/change/",
        "person": f"{admin}/person/{person.pk}/change/",
        "demands": f"{admin}/demand/",
        "updates": f"{admin}/demand/{demand.pk}/updates/",
        "one update for several": f"{admin}/demand/updates/?ids={demand.pk}&ids={other.pk}",
        "follow-up": f"{admin}/demand/follow-up/?days=0",
        "merge": f"{admin}/demand/{other.pk}/merge/",
        "merge, asked": f"{admin}/demand/{other.pk}/merge/?into={demand.pk}",
        "split": f"{admin}/demand/{demand.pk}/split/",
        "release set": f"{admin}/releaseset/{release.pk}/change/",
        "dry run": f"{admin}/releaseset/{release.pk}/dry-run/",
        "review": f"{admin}/submission/{submission.pk}/change/",
    }


def faults(page):
    """What axe finds once the editors are there, but for what is Django's own."""
    for area in page.locator("textarea[data-type=ckeditortype]:not([name*=__prefix__])").all():
        page.locator(f"#cke_{area.get_attribute('id')} .cke_wysiwyg_div[aria-label]").wait_for()
    return [
        (violation["id"], node["html"][:150])
        for violation in violations(page)
        for node in violation["nodes"]
        if not any(
            violation["id"] == rule and node["html"].startswith(start) for rule, start in DJANGOS
        )
    ]


def read(page, addresses):
    """The faults of every page, by its name."""
    found = {}
    for name, address in addresses.items():
        assert page.goto(address).status == 200, name
        # What is folded away is read too.
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[name] = faults(page)
    return {name: faults_of_it for name, faults_of_it in found.items() if faults_of_it}


def test_axe_finds_nothing_on_any_page(desk, pages):
    window = desk("/admin/")
    page = window.page
    assert read(page, pages) == {}

    # A look-up that is open, in a new row; then a form that is refused, one that somebody else
    # was faster to save, and one whose token is no longer valid.
    page.goto(pages["form"])
    page.locator("#authorships-group .add-row a").click()
    page.locator("#id_authorships-2-organisation-look-up").press("Enter")
    page.locator(".select2-results__option--highlighted").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.fill("#id_title", "")
    page.fill("#id_slug", "taken")
    page.click("[name=_continue]")
    page.locator(".to-mend").get_by_text("Another record").wait_for()
    assert faults(page) == []
    page.fill("#id_title", "Mine")
    page.fill("#id_slug", "free")
    text = Text.objects.get(working_revision__title="They strike")
    workflow.save_words(text, {"title": "Theirs"}, based_on=text.working_revision_id)
    page.click("[name=_continue]")
    page.locator(".conflict").wait_for()
    assert faults(page) == []
    page.goto(pages["organisation"])
    page.fill("#id_name", "Dockers")
    window.context.clear_cookies(name="csrf")
    page.click("[name=_save]")
    page.get_by_text("Send it once more.").wait_for()
    assert faults(page) == []


def test_axe_finds_nothing_in_the_dark_nor_from_right_to_left(desk, pages):
    page = desk("/ar/admin/", color_scheme="dark").page
    chosen = (
        *("list", "form", "standing", "translation", "event"),
        *("updates", "follow-up", "merge, asked", "split", "dry run", "review"),
    )

    assert read(page, {name: f"/ar{pages[name]}" for name in chosen}) == {}


@pytest.mark.parametrize("width", (360, 768))
def test_no_page_is_wider_than_its_window_and_no_field_than_its_row(desk, pages, width):
    page = desk("/admin/", viewport={"width": width, "height": 800}).page
    found = {}
    for name, address in pages.items():
        page.goto(address)
        faults = page.evaluate(CUT_OFF)
        if page.evaluate(WIDER_THAN_THE_WINDOW):
            faults.append("the page")
        if faults:
            found[name] = faults

    assert found == {}
