"""The interface for programs, as a program asks it."""

API = "/api/v1/"
SITE = "http://testserver"


class Asks:
    """For a TestCase: `self.ask("statements/")` gives the body of an answer that is a record."""

    def ask(self, address, **parameters):
        response = self.client.get(API + address, parameters)
        self.assertEqual(response.status_code, 200, response.content)
        self.assertEqual(response["Content-Type"], "application/json")
        return response.json()

    def slugs(self, address, **parameters):
        """Of all records of a list, page by page."""
        return [one["slug"] for one in self.walk(address, **parameters)]

    def walk(self, address, **parameters):
        answer = self.ask(address, **parameters)
        yield from answer["results"]
        while answer["next"]:
            self.assertTrue(answer["next"].startswith(SITE + API))
            answer = self.client.get(answer["next"].removeprefix(SITE)).json()
            yield from answer["results"]

    def refused(self, status, address, **parameters):
        """The body of an error, which has one shape."""
        response = self.client.get(API + address, parameters)
        self.assertEqual(response.status_code, status, response.content)
        self.assertEqual(response["Content-Type"], "application/problem+json")
        body = response.json()
        self.assertLessEqual({"type", "title", "status", "detail"}, body.keys())
        self.assertEqual(body["status"], status)
        return body
