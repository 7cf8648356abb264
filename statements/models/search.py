"""What can be searched: one row for each readable text and record, and the words there are.

Written by statements/search/workflow.py alone. The words themselves stand where each database
searches them: in a column of PostgreSQL, in a table of SQLite's FTS5; migrations make both.
"""

from __future__ import annotations

from datetime import date

from django.db import models

BITS_OF_RECORD, BITS_OF_DAY = 32, 22


class SearchEntry(models.Model):
    """A row's number orders it among all others: by its kind, its day, and its record.

    Newest first is then the order of one index, and in SQLite that of the words themselves.
    """

    class Kind(models.IntegerChoices):
        TEXT = 1
        EVENT = 2
        ORGANISATION = 3
        DEMAND = 4
        PERSON = 5

    number = models.BigIntegerField(primary_key=True)
    # Which statement a text is of, so that each is found once.
    statement_id = models.BigIntegerField(null=True, blank=True)
    # One of them. A row goes with its record, whoever deletes that.
    text = models.OneToOneField("Text", models.CASCADE, null=True, related_name="+")
    event = models.OneToOneField("Event", models.CASCADE, null=True, related_name="+")
    organisation = models.OneToOneField("Organisation", models.CASCADE, null=True, related_name="+")
    demand = models.OneToOneField("Demand", models.CASCADE, null=True, related_name="+")
    person = models.OneToOneField("Person", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(statement_id__isnull=True, text__isnull=True)
                | models.Q(statement_id__isnull=False, text__isnull=False),
                name="search_entry_of_a_text_has_its_statement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.Kind(kind_of(self.number)).label} {record_of(self.number)}"


class SearchLinks(models.Model):
    """What a readable statement is linked to, in one row: counting that of hundreds takes one
    look-up each instead of seven.

    Written with the rows of its texts; one without a row is looked up link by link.
    """

    # Without a constraint: for it PostgreSQL would lock the statement, which whoever edits it has
    # locked and, to index it, waits for whoever writes here.
    statement = models.OneToOneField(
        "Statement", models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    # "event:12 language:en year:2020", each once.
    links = models.TextField(default="", db_default="")

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.links}"


class SearchTerm(models.Model):
    """A word that stood in something public: what a mistyped one may have meant.

    Whether it still stands there is asked whenever it is offered.
    """

    word = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.word


class SearchRebuild(models.Model):
    """How far a rebuilding of the index has come, by kind; none where none is unfinished."""

    kind = models.PositiveSmallIntegerField(unique=True, choices=SearchEntry.Kind)
    reached = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reached}"


def number_of(kind: int, record: int, day: date | None = None) -> int:
    return (
        kind << BITS_OF_DAY + BITS_OF_RECORD
        | (day.toordinal() if day else 0) << BITS_OF_RECORD
        | record
    )


def kind_of(number: int) -> int:
    return number >> BITS_OF_DAY + BITS_OF_RECORD


def record_of(number: int) -> int:
    return number & (1 << BITS_OF_RECORD) - 1


def numbers_of(kind: int, year: int = 0) -> tuple[int, int]:
    """The first and the last number that a row of a kind can have, or one of a year."""
    if year:
        last = number_of(kind, (1 << BITS_OF_RECORD) - 1, date(year, 12, 31))
        return number_of(kind, 0, date(year, 1, 1)), last
    return number_of(kind, 0), number_of(kind + 1, 0) - 1
