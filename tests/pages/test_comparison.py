"""Demands side by side: the page of its own, its order, and the same as a table."""

import csv
import io
import re
from html import unescape

from django.test import TestCase
from hypothesis import example, given
from hypothesis import strategies as st

from statements import spreadsheets
from statements.reading.comparison import ON_A_PAGE
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_source,
    make_text,
)


def in_plain(html):
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def table_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


class ComparisonTests(TestCase):
    path = "/events/rent-strike/comparison/"

    def setUp(self):
        self.event = make_event("Rent strike", slug="rent-strike")

    def speak(self, name, day, words, *demands, language="en", voice="organisation", **fields):
        organisations = [make_organisation(one) for one in name.split(" and ")]
        text = make_text(
            body=f"<p>{words}</p>",
            language=language,
            organisations=organisations,
            events=[self.event],
            issued=day,
            **fields,
        )
        for demand in demands:
            make_demand_made(text, words, demand=demand, voice=voice)
        return text

    def demands(self, query=""):
        response = self.client.get(self.path + query)
        return [
            (group.label, [line.demand.name_shown for line in group.lines])
            for group in response.context["groups"]
        ]

    def test_demands_and_organisations_are_sorted_as_the_address_asks(self):
        rents = make_demand("Lower the rents", kind="prices")
        free, repair = make_demand("Free them", kind="release"), make_demand("Aid", kind="prices")
        self.speak("Zeta", "2021-01-01", "Now!", rents, free)
        self.speak("Ärzte", "2021-01-02", "Now!", rents, repair)

        def speakers(query=""):
            comparison = self.client.get(self.path + query).context["comparison"]
            return [one.name for one in comparison.speakers]

        by_kind = [("release of persons", ["Free them"])]
        by_kind += [("prices and taxes", ["Lower the rents", "Aid"])]
        self.assertEqual(self.demands(), by_kind)
        self.assertEqual(self.demands("?demands=what&page=9x&organisations="), by_kind)
        self.assertEqual(
            self.demands("?demands=number"), [("", ["Lower the rents", "Aid", "Free them"])]
        )
        self.assertEqual(speakers(), ["Zeta", "Ärzte"])
        self.assertEqual(speakers("?organisations=name"), ["Ärzte", "Zeta"])
        page = self.client.get(f"{self.path}?demands=number&organisations=name")
        self.assertContains(page, '<meta name="robots" content="noindex, follow">')
        self.assertContains(
            page, f'<link rel="canonical" href="http://testserver{self.path}">', html=True
        )

    def test_the_table_has_the_words_and_numbers_of_all_pages(self):
        """What 200 statements of 50 organisations demand, and some that are hard to copy."""
        person = make_person("Amina Okoye", shown_as="withheld")
        hard = [
            make_demand("=1+1", kind="other"),
            make_demand("Free Amina Okoye", people=[person], kind="release"),
            *(make_demand(f"Demand {number}") for number in range(10)),
        ]
        for number in range(12):
            words = f"Free Amina Okoye, “{number}” times, now; at & once"
            chosen = [hard[0], hard[1], hard[2 + number % 8]]
            self.speak(f"Union {number}", f"2021-01-{number + 1:02}", words, *chosen)
        self.speak("+Plus and Élan", "2021-02", "- Löhne rauf", hard[10], language="de")
        self.speak("Union x", "2021-03", "@ all", hard[11], voice="editors", source=make_source())
        make_demand_made(
            make_text(events=[self.event], organisations=[make_organisation()]), demand=hard[1]
        )

        shown, address = [], self.path
        while address:
            with self.assertNumQueries(8):
                response = self.client.get(address)
            self.assertLessEqual(
                response.content.count(b"<q>"),
                ON_A_PAGE
                + max(len(line.all_claims) for line in response.context["comparison"].lines),
            )
            body = response.content.decode()
            for part in re.findall(r"<tbody>(.*?)</tbody>", body, re.DOTALL):
                head, *rows = re.findall(r"<tr.*?</tr>", part, re.DOTALL)
                name = in_plain(re.search(r'class="ask".*?</a>', head)[0].partition(">")[2])
                count = re.search(r"(\d+) organisation", in_plain(head))
                for row in rows:
                    quoted = re.search(r'lang="([\w-]+)"[^>]*><q>(.*?)</q>', row, re.DOTALL)
                    shown.append(
                        (
                            name,
                            count[1] if count else "0",
                            "Only this organisation" in head and "The editors" not in row,
                            in_plain(quoted[2]) if quoted else "",
                            quoted[1] if quoted else "",
                        )
                    )
            older = response.context["older"]
            address = f"{self.path}?{older}" if older else ""
        answer = self.client.get("/events/rent-strike.csv")
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        rows = table_of(answer)

        def bare(words):
            return words.removeprefix("'")

        self.assertEqual(
            [
                (
                    bare(row["demand"]),
                    row["organisation_count"],
                    row["only_one_organisation"] == "yes",
                    bare(row["words"]),
                    row["language"],
                )
                for row in rows
            ],
            shown,
        )
        self.assertGreater(len(rows), 12 * 3)
        self.assertIn("Free [name withheld], “3” times, now; at & once", {r["words"] for r in rows})
        self.assertNotIn("Amina", answer.content.decode())
        # What a spreadsheet would run stands behind a quote mark.
        self.assertEqual(rows[-1]["demand"], "'=1+1")
        joint = next(row for row in rows if row["organisations"].startswith("'"))
        self.assertEqual(
            (joint["organisations"], joint["words"], joint["raised"]),
            ("'+Plus | Élan", "'- Löhne rauf", "2021-02"),
        )

    def test_a_demand_of_nobody_else_says_so_and_nothing_demanded_says_so(self):
        self.assertEqual(self.client.get(self.path).status_code, 404)
        self.speak("Union", "2021-01-01", "Nothing")
        self.assertContains(self.client.get(self.path), "makes a demand")
        for number in range(6):
            demand = make_demand(f"Demand {number}")
            self.speak(f"Union {number}", "2021-01-01", "Now!", demand)

        page = self.client.get(self.path)

        self.assertContains(page, "Only this organisation", count=6)
        self.assertContains(page, '<th scope="rowgroup" colspan="4">', count=6)


@given(st.text(max_size=9))
@example("＝cmd")
@example(" =1")
@example("\t=1")
def test_no_cell_begins_as_a_formula(words):
    [row] = csv.reader(io.StringIO(spreadsheets.table([[words]]).decode("utf-8-sig"), newline=""))
    [cell] = row or [""]

    assert cell.removeprefix("'") == words.removeprefix("'")
    assert cell.lstrip(" \u00a0")[:1] not in set("=+-@\t\r\n＝＋－＠")
