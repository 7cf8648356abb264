"""What comes out of the printer."""

import io

import pytest
from pypdf import PdfReader

from tests.factories import make_addressee, make_demand, make_demand_made, make_text

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
