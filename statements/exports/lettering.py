"""Words as pixels, in every script: shaped, in their direction, in the fonts of the machine.

Pango does it, which also sets our PDFs; Pillow alone has neither its order of scripts in a line nor
its choice of a font for each. Without Pango, or without a font for some letter, the caller knows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import cffi
from PIL import Image

from statements import languages

# Only what is called here; the structure is that of FreeType 2, which has not changed since 2000.
DECLARED = """
typedef ... PangoFontMap;
typedef ... PangoContext;
typedef ... PangoLanguage;
typedef ... PangoLayout;
typedef ... PangoFontDescription;
typedef struct {
    unsigned int rows, width;
    int pitch;
    unsigned char *buffer;
    unsigned short num_grays;
    unsigned char pixel_mode, palette_mode;
    void *palette;
} FT_Bitmap;

PangoFontMap *pango_ft2_font_map_new(void);
void pango_ft2_font_map_set_resolution(PangoFontMap *map, double x, double y);
void pango_ft2_render_layout(FT_Bitmap *bitmap, PangoLayout *layout, int x, int y);

PangoContext *pango_font_map_create_context(PangoFontMap *map);
void pango_context_set_language(PangoContext *context, PangoLanguage *language);
void pango_context_set_base_dir(PangoContext *context, int direction);
PangoLanguage *pango_language_from_string(const char *language);
PangoFontDescription *pango_font_description_from_string(const char *words);
void pango_font_description_free(PangoFontDescription *description);
PangoLayout *pango_layout_new(PangoContext *context);
void pango_layout_set_font_description(PangoLayout *layout, const PangoFontDescription *font);
void pango_layout_set_text(PangoLayout *layout, const char *words, int length);
void pango_layout_set_width(PangoLayout *layout, int width);
void pango_layout_set_wrap(PangoLayout *layout, int wrap);
void pango_layout_set_auto_dir(PangoLayout *layout, int is_guessed);
void pango_layout_set_alignment(PangoLayout *layout, int alignment);
int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);
void pango_layout_get_pixel_size(PangoLayout *layout, int *width, int *height);

void g_object_unref(void *object);
"""
SCALE = 1024
LTR, RTL, LEFT, RIGHT, AT_WORDS_ELSE_LETTERS, GRAY = 0, 1, 0, 2, 2, 2
# No picture of ours has a word higher than this.
HIGHEST = 2000
ffi = cffi.FFI()
ffi.cdef(DECLARED)
# Its caches are not made for several threads.
drawing = threading.Lock()


class NoEngine(Exception):
    """Pango is not there."""


@dataclass(frozen=True)
class Font:
    """Families, the first that has a letter is taken for it; a weight; a size in pixels."""

    families: str
    size: int
    weight: str = ""

    def __str__(self) -> str:
        return f"{self.families}, {self.weight} {self.size}"


@dataclass(frozen=True)
class Drawn:
    """Words in shades from nothing to full, as wide as was asked; whether a letter had no font."""

    mask: Image.Image
    is_lacking: bool

    @property
    def height(self) -> int:
        return self.mask.height


@cache
def engine() -> SimpleNamespace | None:
    """Pango's functions; None where a part of it is not there."""
    opened = {}
    for name, library in (
        ("pango", "libpango-1.0.so.0"),
        ("ft2", "libpangoft2-1.0.so.0"),
        ("gobject", "libgobject-2.0.so.0"),
    ):
        with suppress(OSError):
            opened[name] = ffi.dlopen(library)
    return SimpleNamespace(**opened) if len(opened) == 3 else None


def draw(words: str, font: Font, width: int, *, language: str, is_at_right: bool) -> Drawn:
    """Words in as many lines as they take, which stand at one of the edges. Raises NoEngine."""
    found = engine()
    if not found:
        raise NoEngine
    with drawing, _layout(found, words, font, width, language, is_at_right) as layout:
        across, down = ffi.new("int *"), ffi.new("int *")
        found.pango.pango_layout_get_pixel_size(layout, across, down)
        height = max(1, min(down[0], HIGHEST))
        pixels = ffi.new("unsigned char[]", width * height)
        bitmap = ffi.new("FT_Bitmap *")
        bitmap.rows, bitmap.width, bitmap.pitch = height, width, width
        bitmap.buffer, bitmap.num_grays, bitmap.pixel_mode = pixels, 256, GRAY
        found.ft2.pango_ft2_render_layout(bitmap, layout, 0, 0)
        mask = Image.frombytes("L", (width, height), bytes(ffi.buffer(pixels)))
        lacking = found.pango.pango_layout_get_unknown_glyphs_count(layout)
    return Drawn(mask, bool(lacking))


@contextmanager
def _layout(
    found: SimpleNamespace, words: str, font: Font, width: int, language: str, is_at_right: bool
) -> Iterator[object]:
    """Words laid out; all that it takes is given back in the end."""
    pango, is_rtl = found.pango, languages.direction(language) == "rtl"
    fonts = found.ft2.pango_ft2_font_map_new()
    # Pixels, and not points.
    found.ft2.pango_ft2_font_map_set_resolution(fonts, 72, 72)
    context = pango.pango_font_map_create_context(fonts)
    pango.pango_context_set_language(context, pango.pango_language_from_string(language.encode()))
    pango.pango_context_set_base_dir(context, RTL if is_rtl else LTR)
    layout = pango.pango_layout_new(context)
    description = pango.pango_font_description_from_string(str(font).encode())
    pango.pango_layout_set_font_description(layout, description)
    pango.pango_font_description_free(description)
    pango.pango_layout_set_auto_dir(layout, 0)
    pango.pango_layout_set_alignment(layout, RIGHT if is_at_right else LEFT)
    pango.pango_layout_set_width(layout, width * SCALE)
    pango.pango_layout_set_wrap(layout, AT_WORDS_ELSE_LETTERS)
    raw = words.encode(errors="replace")
    pango.pango_layout_set_text(layout, raw, len(raw))
    try:
        yield layout
    finally:
        for one in (layout, context, fonts):
            found.gobject.g_object_unref(one)
