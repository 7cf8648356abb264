"""Pictures that strangers made: read with care, and stored as new pixels (R-UP1, R-UP2)."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

# What is read; nothing else is even looked at (no EPS and its interpreter, no TIFF, no SVG).
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 8 * 1024 * 1024
MOST_SIDE = 10_000
MOST_PIXELS = 25_000_000
# The longest side of what is stored: sharp over the whole width of a page.
LONGEST_SIDE = 2000
SRGB = ImageCms.createProfile("sRGB")
WRITING = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}

# A second wall behind `check_size`: Pillow's own warning about size is an error here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class ImageRefused(ValidationError):
    """The file is no picture that we take; the message says why."""


@dataclass(frozen=True)
class Picture:
    """New pixels as a file: upright, in sRGB, without metadata."""

    content: bytes
    extension: str
    width: int
    height: int


def reencode(upload: BinaryIO) -> Picture:
    """Read a JPEG, PNG, WebP or GIF and write its (first) picture anew. Raises ImageRefused.

    Nothing of the file but its pixels is in what comes out.
    """
    upload.seek(0, io.SEEK_END)
    if upload.tell() > MOST_BYTES:
        raise ImageRefused(_("The picture is larger than 8 MB."), code="bytes")
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            check_size(*image.size)
            kind = image.format
            pixels = normal(image)
    except ImageRefused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise too_large() from error
    # Broken files make decoders raise nearly everything, and all of it means the same to us.
    except Exception as error:
        raise ImageRefused(
            _("This is not a JPEG, PNG, WebP or GIF picture, or it is damaged."), code="picture"
        ) from error
    return write(pixels, kind)


def check_size(width: int, height: int) -> None:
    """Refuse by the header alone, before a pixel is decoded."""
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise too_large()


def too_large() -> ImageRefused:
    return ImageRefused(
        _("The picture is too large: at most 10,000 pixels a side and 25 million in all."),
        code="pixels",
    )


def normal(image: Image.Image) -> Image.Image:
    """The first frame as new pixels: upright, 8 bits, sRGB, at most LONGEST_SIDE a side."""
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    upright = in_srgb(eight_bits(upright), profile)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    return fresh


def eight_bits(image: Image.Image) -> Image.Image:
    """RGB, RGBA, L or CMYK; sixteen bits a channel are scaled, not cut off."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        mode = "RGBA" if image.has_transparency_data else "RGB"
        return image.convert(mode)
    if image.mode == "1":
        return image.convert("L")
    return image


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = image.mode if image.mode in ("RGBA", "L") else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A broken profile: the colours as they stand are the best that is known.
            pass
    return image if image.mode == mode else image.convert(mode)


def write(pixels: Image.Image, kind: str | None) -> Picture:
    """A GIF and whatever has transparency becomes a PNG; a JPEG stays one (MPO is one too)."""
    file_type = {"GIF": "PNG", "MPO": "JPEG"}.get(kind or "", kind or "PNG")
    if file_type == "JPEG" and pixels.mode == "RGBA":
        file_type = "PNG"
    content = io.BytesIO()
    pixels.save(content, file_type, **WRITING[file_type])
    return Picture(content.getvalue(), EXTENSIONS[file_type], *pixels.size)
