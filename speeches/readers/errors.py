"""Why a file could not be read: one short stable code for each reason, and a sentence for each code."""

from typing import ClassVar


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue of translations; it is translated where it is shown."""
    return sentence


class ReadError(Exception):
    """A file gave no text. ``code`` is a key of ``CODES``; ``params`` fill its sentence.

    To show it in the user's language: ``gettext(ReadError.CODES[error.code]) % error.params``.
    """

    CODES: ClassVar[dict[str, str]] = {
        "empty": gettext_noop("The file is empty. Check that it was saved completely and choose it again."),
        "too_large": gettext_noop(
            "The file has %(size_mb)s MB; at most %(limit_mb)s MB are taken. "
            "Remove pictures or attachments from it, or divide it, and upload it again."
        ),
        "too_long": gettext_noop(
            "The text has more than %(limit)s characters. Divide the file and upload the parts one by one."
        ),
        "too_many_pages": gettext_noop(
            "The file has %(pages)s pages; at most %(limit)s are read. Divide it and upload the parts one by one."
        ),
        "too_many_speeches": gettext_noop(
            "The text holds %(count)s speeches; at most %(limit)s can be looked over at once. "
            "Divide the file and upload the parts one by one."
        ),
        "too_many_findings": gettext_noop(
            "More than %(limit)s commitments were found in the text, which is no speech as people give them. "
            "Check that it is the right file, or divide it and upload the parts one by one."
        ),
        "too_complex": gettext_noop(
            "Reading the file needed more memory than is allowed. "
            "Save its text as a new docx or txt file and upload that."
        ),
        "too_slow": gettext_noop(
            "Reading the file took longer than %(seconds)s seconds and was stopped. "
            "Save its text as a new docx or txt file and upload that."
        ),
        "not_text": gettext_noop(
            "The file holds no text that can be read (pictures, sound, programs and archives do not). "
            "Upload the document itself, as docx, pdf or txt."
        ),
        "unknown_encoding": gettext_noop(
            "The characters of the text could not be made out. Open it, save it as UTF-8 or as docx, and upload that."
        ),
        "unsupported": gettext_noop(
            "A file of this kind (%(format)s) cannot be read. Save it as docx, pdf or txt and upload that."
        ),
        "no_text": gettext_noop(
            "The document was opened, but there is no text in it. "
            "If it holds pictures of pages, have them recognised (OCR) and upload the result."
        ),
        "scanned_pdf": gettext_noop(
            "The PDF holds pictures of pages and no text. "
            "Have it recognised (OCR) or ask for the original document, and upload that."
        ),
        "encrypted": gettext_noop(
            "The file is protected with a password. Remove the protection, save it and upload it again."
        ),
        "zip_bomb": gettext_noop(
            "Unpacked, the file would be larger than is allowed. "
            "Save its text as a new docx or txt file and upload that."
        ),
        "truncated": gettext_noop(
            "The end of the file is missing, as after a broken download. Fetch it again and upload that."
        ),
        "damaged": gettext_noop(
            "The file is damaged and could not be read. "
            "Open it in the program that made it, save it as a new file and upload that."
        ),
        "macro": gettext_noop(
            "The file carries macros (small programs) and was refused. "
            "Save it as a plain docx without macros and upload that."
        ),
    }

    def __init__(self, code: str, **params: str | int | float) -> None:
        self.code = code
        self.params = params
        super().__init__(self.CODES[code] % params)
