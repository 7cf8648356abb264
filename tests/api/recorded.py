"""One record of each noun, around one rent strike, and how other records name them."""

from statements.absolute import id_of
from statements.dates import PartialDate
from statements.models import DemandWording, EventName, OrganisationName, PersonName
from tests.api.asked import SITE, Asks
from tests.factories import (
    make_addressee,
    make_attachment,
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
    make_update,
)

FRANCE = {
    "slug": "FR",
    "name": "France",
    "language": "en",
    "url": f"{SITE}/places/FR/",
    "api": f"{SITE}/api/v1/places/FR/",
}
STRIKE = {
    "slug": "strike",
    "name": "Rent strike",
    "language": "en",
    "url": f"{SITE}/events/strike/",
    "api": f"{SITE}/api/v1/events/strike/",
}
TENANTS = {
    "slug": "tenants",
    "name": "Tenants",
    "language": "en",
    "url": f"{SITE}/organisations/tenants/",
    "api": f"{SITE}/api/v1/organisations/tenants/",
}
DAY = {
    "notation": "2020-08-12",
    "earliest": "2020-08-12",
    "latest": "2020-08-12",
    "precision": "day",
}


def link(links, record):
    return {"id": id_of(record._meta.model_name, record.pk), **links}


class WithRecords(Asks):
    """For a TestCase: the records are attributes of it."""

    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.france = make_place("FR")
        cls.tenants = make_organisation(
            "Tenants",
            slug="tenants",
            acronym="TE",
            country=cls.france,
            founded=PartialDate.parse("1999"),
            website="https://tenants.example/",
        )
        OrganisationName.objects.create(
            organisation=cls.tenants,
            language="fr",
            name="Locataires",
            acronym="L",
            used_from=PartialDate.parse("2001-05"),
        )
        cls.strike = make_event(
            "Rent strike",
            slug="strike",
            start=PartialDate.parse("before 2020-08-09"),
            is_ongoing=True,
        )
        cls.strike.places.set([cls.france])
        EventName.objects.create(event=cls.strike, language="fr", name="Grève des loyers")
        cls.march = make_event("March", slug="march", parent=cls.strike)
        cls.text = make_text(
            "Lower the rents",
            slug="rents",
            surtitle="Rents",
            introduction="<p>We met them.</p>",
            body='<p>Lower <a href="/events/strike/">all rents</a>, says Amina.</p>',
            organisations=[cls.tenants],
            events=[cls.strike],
            places=[cls.france],
            tags=["housing"],
            source=make_source(title="Rents", published="2020-08-12"),
            licence="CC BY 4.0",
        )
        cls.statement = cls.text.statement
        cls.french = make_text(
            "Baissez les loyers",
            slug="loyers",
            statement=cls.statement,
            language="fr",
            authority="unofficial",
            translator="Friends",
            translated_from=cls.text.live_revision,
        )
        cls.amina = make_person("Amina Example", slug="amina")
        PersonName.objects.create(person=cls.amina, language="ar", name="أمينة")
        make_naming(cls.text, cls.amina)
        cls.demand = make_demand(
            "Lower all rents",
            slug="lower",
            kind="release",
            people=[cls.amina],
            addressee=make_addressee("The town", country=cls.france),
        )
        DemandWording.objects.create(demand=cls.demand, language="fr", name="Baissez tout")
        make_demand_made(cls.text, "Lower all rents", demand=cls.demand)
        cls.released = make_update(
            cls.amina, "released", "2020-09-01", quotation="They are free.", note="At noon."
        )
        make_update(cls.amina, "arrested", "2020-08-02")
        cls.attachment = make_attachment(cls.text, "attachments/api.png", caption="The square")

    def person(self):
        return {
            "id": id_of("person", self.amina.pk),
            "slug": "amina",
            "name": "Amina Example",
            "language": "en",
            "url": f"{SITE}/people/amina/",
            "api": f"{SITE}/api/v1/people/amina/",
        }
