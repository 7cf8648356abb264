"""What comes out of the printer."""

import io

import pytest
from pypdf import PdfReader

from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_event,
    make_text,
)

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCES = {
    "en": "I have read that the council wants to raise the rents of the harbour quarter again. ",
    "de": "Ich habe gelesen, dass der Stadtrat die Mieten im Hafenviertel wieder erhöhen will. ",
    "ar": "قرأت أن المجلس يريد رفع إيجارات حي الميناء مرة أخرى، ولا أحد يستطيع دفعها. ",
}


def longest_letter(language):
    """As long as one may be, in eight paragraphs."""
    paragraph = (SENTENCES[language] * 3).strip()
    words = "\n\n".join([paragraph] * 12)[:1990]
    return "\n\n".join(part.strip() for part in words.split("\n\n"))


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_longest_letter_fits_one_sheet_with_the_address_it_goes_to(visit, language):
    to = make_addressee(
        "the Council of the Example Harbour",
        contacts="Town Hall\nDepartment of Housing\n1 Quay Street\n12345 Example Harbour",
        email="council@example.org",
    )
    demand = make_demand("Lower the rents", addressee=to)
    make_demand_made(make_text(), demand=demand)
    words = longest_letter(language)
    assert 1900 < len(words) <= 2000
    demand.letters.create(language=language, subject="Rents", words=words)
    demand.refresh_from_db()
    window = visit()
    prefix = "" if language == "en" else f"/{language}"
    window.page.goto(f"{prefix}/demands/{demand.slug}/act/")

    sheets = PdfReader(io.BytesIO(window.page.pdf(format="A4"))).pages

    assert len(sheets) == 1
    assert "council@example.org" in sheets[0].extract_text()


def test_what_is_folded_away_on_an_event_is_open_on_paper(visit):
    event = make_event("The rent strike")
    for day in range(1, 27):
        make_text(f"No. {day}", events=[event], issued=f"2020-08-{day:02}")
    page = visit().page
    page.goto(f"/events/{event.slug}/")
    assert not page.locator("details table.counts").is_visible()

    page.emulate_media(media="print")

    assert page.locator("details table.counts").is_visible()
    assert page.locator("details table.counts").bounding_box()["height"] > 200


def test_a_fold_that_is_help_alone_does_not_get_onto_the_paper(visit):
    page = visit().page
    page.goto("/verify/")
    assert page.locator("summary").is_visible()

    page.emulate_media(media="print")

    assert not page.locator("summary").is_visible()
