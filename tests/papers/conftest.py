"""Papers as tests look at them: their words, and whether an office program opens them."""

import shutil
import subprocess
from io import BytesIO

import pytest
from docx import Document


@pytest.fixture
def words():
    """Every paragraph of a docx, those in tables included, in order."""

    def read(data: bytes) -> list[str]:
        body = Document(BytesIO(data)).element.body
        return ["".join(text.text or "" for text in node.iter("{*}t")) for node in body.iter("{*}p")]

    return read


@pytest.fixture
def printed(tmp_path):
    """The number of pages that LibreOffice prints of a file; skips where it is not installed."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed: the paper's structure is tested, its look is not")
    import pypdfium2

    def pages(data: bytes, suffix: str) -> int:
        source = tmp_path / f"paper.{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        order = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
        subprocess.run(order, check=True, capture_output=True, timeout=120)
        return len(pypdfium2.PdfDocument(tmp_path / "paper.pdf"))

    return pages
