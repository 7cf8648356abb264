"""R-UP1 and R-UP2 on real files: what is stored is pixels of ours, or nothing."""

import io
import time
import warnings

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase, override_settings
from PIL import Image

from statements.images import ImageRefused
from statements.uploads import take
from tests.attacks.uploads.corpus import MARKER, REFUSED, SCRIPT, TAKEN
from tests.factories import picture_bytes

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# The segments and chunks that hold pixels and how to read them: others could hold anything.
PNG_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}


def taken(name):
    make, _kind = TAKEN[name]
    return take(SimpleUploadedFile(name, make()))


def opened(name):
    return Image.open(io.BytesIO(taken(name).file.read()))


def png_chunks(content):
    position, found = 8, set()
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        found.add(content[position + 4 : position + 8])
        position += 12 + length
    return found


class TakenTests(SimpleTestCase):
    def test_each_becomes_a_new_file_of_its_real_kind_under_an_unguessable_name(self):
        names = set()
        for name, (_make, kind) in TAKEN.items():
            with self.subTest(name):
                stored = taken(name)
                names.add(stored.file.name)

                self.assertRegex(stored.file.name, rf"^[0-9a-f]{{32}}\.{EXTENSIONS[kind]}$")
                image = Image.open(stored.file)
                self.assertEqual((image.format, image.size), (kind, (stored.width, stored.height)))
                self.assertEqual(getattr(image, "n_frames", 1), 1)
                self.assertLessEqual(max(image.size), 2000)
        self.assertEqual(len(names), len(TAKEN))

    def test_nothing_but_pixels_is_stored(self):
        for name in TAKEN:
            with self.subTest(name):
                content = taken(name).file.read()
                image = Image.open(io.BytesIO(content))
                image.load()

                self.assertNotIn(MARKER, content)
                self.assertNotIn(b"script", content)
                self.assertEqual(dict(image.getexif()), {})
                self.assertLessEqual(
                    set(image.info),
                    {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"}
                    | {"progression", "loop", "background", "timestamp", "duration"},
                )
                if image.format == "PNG":
                    self.assertEqual(png_chunks(content), PNG_CHUNKS)

    def test_a_photograph_is_stored_upright(self):
        image = opened("telephone.jpg")

        self.assertEqual(image.size, (40, 60))
        red, _green, blue = image.getpixel((20, 10))
        self.assertGreater(blue, red)

    def test_the_first_frame_stands_for_an_animation(self):
        for name in ("animated.gif", "animated.png", "animated.webp"):
            with self.subTest(name):
                red, green, blue = opened(name).convert("RGB").getpixel((5, 5))
                self.assertGreater(red, 200)
                self.assertLess(max(green, blue), 60)

    def test_colours_survive(self):
        red, green, blue = opened("cmyk.jpg").getpixel((1, 1))
        self.assertTrue(red > 180 > 90 > max(green, blue), (red, green, blue))
        self.assertEqual(opened("sixteen.png").getpixel((1, 1)), 128)
        self.assertEqual(opened("palette.png").getpixel((1, 1))[3], 0)
        self.assertEqual(opened("palette.png").getpixel((7, 1)), (0, 0, 255, 255))
        self.assertEqual(opened("grey-alpha.png").getpixel((1, 1)), (9, 9, 9, 128))


class RefusedTests(SimpleTestCase):
    def test_each_is_refused_with_a_reason_and_at_once(self):
        for name, make in REFUSED.items():
            with self.subTest(name):
                content = make()
                start = time.monotonic()
                with self.assertRaises(ImageRefused) as refused:
                    take(SimpleUploadedFile(name, content))
                self.assertTrue(refused.exception.messages[0].endswith("."))
                self.assertLess(time.monotonic() - start, 1)

    def test_size_is_refused_by_the_header_before_a_pixel_is_read(self):
        for name in ("bomb.png", "wide.png", "endless.png"):
            for action in ("ignore", "error"):
                with self.subTest(name, warning=action), warnings.catch_warnings():
                    warnings.simplefilter(action, Image.DecompressionBombWarning)
                    with self.assertRaises(ImageRefused) as refused:
                        take(SimpleUploadedFile(name, REFUSED[name]()))
                    self.assertEqual(refused.exception.code, "pixels")

    def test_the_largest_that_is_possible_is_taken(self):
        stored = take(SimpleUploadedFile("wide.png", picture_bytes(size=(10_000, 10))))

        self.assertEqual((stored.width, stored.height), (2000, 2))


@override_settings(PDF_ATTACHMENTS=True)
class PDFTests(SimpleTestCase):
    def test_a_pdf_is_taken_by_its_signature_where_the_operator_wants_them(self):
        content = REFUSED["letter.pdf"]()

        stored = take(SimpleUploadedFile("picture.png", content))

        self.assertRegex(stored.file.name, r"^[0-9a-f]{32}\.pdf$")
        self.assertEqual((stored.file.read(), stored.type), (content, "pdf"))

    def test_what_only_calls_itself_a_pdf_is_refused(self):
        for content in (b"%PDF-1.7 without an end", REFUSED["late.pdf"](), SCRIPT):
            with self.assertRaises(ImageRefused):
                take(SimpleUploadedFile("letter.pdf", content, "application/pdf"))
