"""The words of files that pack or compress them, as somebody who opens the file reads them."""

import gzip
import io
import zipfile

from pypdf import PdfReader


def words_of(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        pdf = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in pdf.pages]
        return "\n".join([*pages, str(dict(pdf.metadata or {}))])
    if content.startswith(b"\x1f\x8b"):
        return gzip.decompress(content).decode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(package.read(name).decode() for name in package.namelist())
    # A picture is no UTF-8.
    return content.decode(errors="replace")
