from django.test import TestCase

from statements.models import Event
from statements.models.event import tree_of
from tests.factories import make_event


class TreeTests(TestCase):
    def setUp(self):
        self.root = make_event(slug="root")
        self.part = make_event(slug="part", parent=self.root)
        self.leaf = make_event(slug="leaf", parent=self.part)
        make_event(slug="other")

    def publish(self, *events):
        Event.objects.filter(pk__in=[event.pk for event in events]).update(
            public_since="2020-01-01T00:00Z"
        )

    def test_an_event_comes_with_its_public_parts_at_any_depth(self):
        self.publish(self.root, self.part, self.leaf)
        make_event(slug="draft", parent=self.root)

        slugs = {event.slug for event in Event.objects.filter(pk__in=tree_of("root"))}

        self.assertEqual(slugs, {"root", "part", "leaf"})

    def test_a_circle_of_parents_comes_to_an_end(self):
        self.publish(self.root, self.part, self.leaf)
        Event.objects.filter(pk=self.root.pk).update(parent=self.leaf)

        slugs = {event.slug for event in Event.objects.filter(pk__in=tree_of("part"))}

        self.assertEqual(slugs, {"root", "part", "leaf"})
