"""Files as strangers hand them in, made here so that each says what is wrong with it."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.factories import picture_bytes

# In every piece of metadata below; nothing of it may be in what is stored.
MARKER = b"who-was-there-51.5074N"
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


def jpeg_with_everything() -> bytes:
    """A photograph as a telephone makes it: position, camera, comment, turned on its side."""
    image = Image.new("RGB", (60, 40), "red")
    image.paste("blue", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees to see it upright
    exif[0x010F] = exif[0x013B] = exif[0x8298] = MARKER.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    exif.get_ifd(0x8769)[0x9286] = MARKER
    content = io.BytesIO()
    image.save(
        content,
        "JPEG",
        exif=exif,
        comment=MARKER,
        xmp=b"<x:xmpmeta>" + MARKER + b"</x:xmpmeta>",
        quality=95,
    )
    return content.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header claims a size, and whose data is a few kilobytes of nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (png_chunk(b"IHDR", header), png_chunk(b"IDAT", data), png_chunk(b"IEND", b""))
    )


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Comment", MARKER.decode())
    info.add_itxt("XML:com.adobe.xmp", MARKER.decode(), zip=True)
    return picture_bytes(pnginfo=info) + MARKER


def webp_with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    return picture_bytes("WEBP", exif=exif, xmp=MARKER)


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "lime", "blue")]
    content = io.BytesIO()
    frames[0].save(content, kind, save_all=True, append_images=frames[1:], duration=50)
    return content.getvalue()


def sixteen_bits() -> bytes:
    content = io.BytesIO()
    image = Image.new("I;16", (4, 4))
    image.putdata([32_768] * 16)
    image.save(content, "PNG")
    return content.getvalue()


def palette_with_transparency() -> bytes:
    image = Image.new("P", (10, 10), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (5, 0, 10, 10))
    content = io.BytesIO()
    image.save(content, "PNG", transparency=0)
    return content.getvalue()


def with_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return picture_bytes("JPEG", icc_profile=profile + MARKER)


def zip_bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"\0" * 100_000)
    return content.getvalue()


# Taken, and stored as the second: each under a name that lies as much as it can.
TAKEN = {
    "telephone.jpg": (jpeg_with_everything, "JPEG"),
    "text.png": (png_with_text, "PNG"),
    "metadata.webp": (webp_with_metadata, "WEBP"),
    "profile.jpg": (with_profile, "JPEG"),
    "poly.html": (lambda: picture_bytes("GIF") + SCRIPT, "PNG"),
    "shell.php": (lambda: picture_bytes("JPEG", comment=b"<?php " + MARKER), "JPEG"),
    "wrong.gif": (lambda: picture_bytes("JPEG"), "JPEG"),
    "animated.gif": (lambda: animated("GIF"), "PNG"),
    "animated.png": (lambda: animated("PNG"), "PNG"),
    "animated.webp": (lambda: animated("WEBP"), "WEBP"),
    "cmyk.jpg": (lambda: picture_bytes("JPEG", mode="CMYK", colour=(0, 255, 255, 0)), "JPEG"),
    "sixteen.png": (sixteen_bits, "PNG"),
    "palette.png": (palette_with_transparency, "PNG"),
    "black-and-white.png": (lambda: picture_bytes(mode="1", colour=1), "PNG"),
    "grey-alpha.png": (lambda: picture_bytes(mode="LA", colour=(9, 128)), "PNG"),
    "large.jpg": (lambda: picture_bytes("JPEG", size=(5000, 5000)), "JPEG"),
}

REFUSED = {
    "empty.png": lambda: b"",
    "truncated.jpg": lambda: picture_bytes("JPEG", size=(400, 400))[:700],
    "truncated.png": lambda: picture_bytes(size=(400, 400))[:60],
    "header-only.gif": lambda: b"GIF89a\x04\x00\x04\x00",
    "bomb.png": lambda: png_of_size(9_000, 9_000),
    "wide.png": lambda: png_of_size(10_001, 10),
    "endless.png": lambda: png_of_size(2**31 - 1, 2**31 - 1),
    "heavy.png": lambda: picture_bytes() + b"\0" * (8 * 1024 * 1024),
    "drawing.svg": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    ),
    "drawing.png": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "page.html": lambda: SCRIPT,
    "page.jpg": lambda: SCRIPT,
    "printed.jpg": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
    "scan.png": lambda: picture_bytes("TIFF"),
    "window.png": lambda: picture_bytes("BMP"),
    "icon.ico": lambda: picture_bytes("ICO", size=(16, 16)),
    "letter.docx": zip_bomb,
    "letter.pdf": lambda: b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n",
    "late.pdf": lambda: SCRIPT + b"%PDF-1.7\n%%EOF\n",
    "\u202egnp.exe": lambda: b"MZ" + b"\0" * 100,
}
