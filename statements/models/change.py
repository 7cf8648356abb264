"""Changes of what visitors may see, counted: statements/changes.py alone writes and reads them."""

from django.db import models


class ContentChange(models.Model):
    """That a transaction changed something, and when it began to."""

    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.at)
