"""What the site says of itself: one row, and its texts in each interface language."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements.markup import HTMLField
from statements.models.base import Guarded
from statements.plain import LineField
from statements.prepared import Prepared

# Zero bits: at 26 a telephone searches for some minutes.
HARDEST = 26


class SiteSettingsQuerySet(models.QuerySet):
    def current(self) -> SiteSettings:
        """The one row; an unsaved one with everything open where nobody has stored it yet."""
        return self.filter(pk=1).first() or SiteSettings(pk=1)


class SiteSettings(Guarded):
    """One row. The switches in it hold at once, in every process, without a restart (R-OP14).

    What the operator's settings keep shut stays shut whatever the switches say.
    """

    contact_email = models.EmailField(_("contact"), blank=True)
    appeal_url = models.URLField(
        _("address of the donation page"),
        blank=True,
        validators=[URLValidator(["http", "https"])],
    )

    licence = LineField(
        _("usual licence of statements"),
        max_length=100,
        blank=True,
        help_text=_("For example: CC BY 4.0. Empty: whoever republishes asks who issued the text."),
    )

    submissions_closed = models.BooleanField(
        _("closed to submissions"),
        default=False,
        db_default=False,
        help_text=_("Nobody can send a new statement. Private links work as before."),
    )
    following_closed = models.BooleanField(
        _("closed to new followers"),
        default=False,
        db_default=False,
        help_text=_("Nobody can begin to follow by e-mail. Whoever does can leave as before."),
    )
    proof_of_work = models.PositiveSmallIntegerField(
        _("proof of work"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(HARDEST)],
        help_text=_(
            "How many zero bits a browser has to find before it sends a form; one more doubles its"
            " work. The least is what the operator set; raise it while programs flood the forms."
        ),
    )
    # Not in the admin: whoever closed it there could not open it again.
    changes_closed = models.BooleanField(
        _("closed to all changes"), default=False, db_default=False
    )

    objects = SiteSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_site_settings")
        ]

    def __str__(self) -> str:
        return str(_("Site settings"))


class SiteTextQuerySet(models.QuerySet):
    def for_language(self, language: str | None = None) -> SiteText:
        """The texts in a language, else in the default one; an unsaved default without any."""
        language = language or get_language() or settings.LANGUAGE_CODE
        rows = {row.language: row for row in TEXTS.records([1])}
        return (
            rows.get(language)
            or rows.get(settings.LANGUAGE_CODE)
            or SiteText(site=SiteSettings(pk=1), language=settings.LANGUAGE_CODE)
        )


class SiteText(models.Model):
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    name = LineField(_("name of the site"), max_length=100, default="Solidarity Statements")
    motto = LineField(_("motto"), max_length=300, blank=True)
    about = HTMLField(_("about"), blank=True)
    privacy = HTMLField(_("privacy"), blank=True)
    appeal = HTMLField(_("donation appeal"), blank=True)

    objects = SiteTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("texts of the site")
        verbose_name_plural = _("texts of the site")
        constraints = [
            models.UniqueConstraint(fields=["site", "language"], name="site_text_once_a_language")
        ]

    def __str__(self) -> str:
        return self.name


# Every page asks for them.
TEXTS = Prepared(
    lambda sites: SiteText.objects.select_related("site").filter(site__in=sites), lists=1
)
