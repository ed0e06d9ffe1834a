"""Filling a docx template with plain data: the built-in one, or the office's own where one was uploaded.

A template is a docx with ``{{ name }}`` and ``{% for … %}`` in it (docxtpl). Nothing but the data of the paper
can be reached from it: no attributes of Python, no functions, no filters but those that shape text, and nothing
that could fill the memory: no names of its own, no joining of texts, no arithmetic but counting.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from tracker.export import printable

MOST_TEMPLATE_BYTES = 5 * 1024 * 1024
_MOST_UNPACKED_BYTES = 50 * 1024 * 1024
_FILTERS = ("default", "first", "join", "last", "length", "round", "trim")


@dataclass(frozen=True, eq=False)
class Paper:
    """A docx paper: its name in addresses, its Chinese name, what its template may use, and a sample of that.

    ``fields`` are (placeholder, what it holds); ``build`` makes the built-in template; ``sample`` is a context
    like the real one, small, by which an uploaded template is tried.
    """

    name: str
    label: Any
    fields: tuple[tuple[str, Any], ...]
    build: Callable[[], Any]
    sample: Mapping[str, Any]


# A name of one's own that doubles what it held, forty times over, is a terabyte; so is "x".ljust(10**12).
_FORBIDDEN = {
    nodes.Call: "calling",
    nodes.CallBlock: "call",
    nodes.Macro: "macro",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.With: "with",
    nodes.Concat: "~",
}


class _Sandbox(ImmutableSandboxedEnvironment):
    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(tuple(_FORBIDDEN)):
            raise SecurityError(f"{_FORBIDDEN[type(node)]} is not allowed in a template")
        return tree

    intercepted_binops = frozenset(["*", "**", "%", "+", "-", "/", "//"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator in "+-" and isinstance(left, int) and isinstance(right, int):
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"{operator} is not allowed in a template")


def _environment() -> _Sandbox:
    sandbox = _Sandbox(autoescape=True, undefined=StrictUndefined)
    sandbox.globals.clear()
    sandbox.filters = {name: sandbox.filters[name] for name in _FILTERS}
    return sandbox


@cache
def built_in(paper: Paper) -> bytes:
    """The template that comes with the project."""
    out = BytesIO()
    paper.build().save(out)
    return out.getvalue()


def clean(value: Any) -> Any:
    """``value`` without what XML or the template language would trip over, all the way down."""
    if isinstance(value, str):
        return re.sub(r"[\t\r]+", " ", printable(value))
    if isinstance(value, Mapping):
        return {key: clean(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(entry) for entry in value]
    return value


def fill(template: bytes, context: Mapping[str, Any]) -> bytes:
    """The docx that ``template`` makes of ``context``. Raises what the template engine raises."""
    made = DocxTemplate(BytesIO(template))
    made.render(clean(context), jinja_env=_environment(), autoescape=True)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _in_words(error: TemplateError) -> str:
    """What is wrong with a template, for somebody who knows Word and no template language."""
    message = str(error)
    if isinstance(error, SecurityError):
        return _("It asks for more than a template may: only names, lists and conditions can stand in it.")
    if isinstance(error, UndefinedError):
        name = re.findall(r"'([^']*)'", message)[-1:] or ["?"]
        return _("“%(name)s” is not among the names of this paper.") % {"name": name[0]}
    if "Unexpected end of template" in message:
        return _("A “for” or “if” has no end: “endfor” or “endif” must follow it, in a row or paragraph of its own.")
    if "unknown tag" in message or "No filter" in message:
        return _("It holds an instruction that templates do not know: %(what)s.") % {"what": message.split("'")[1]}
    return _("A placeholder is not complete: each begins with {{ and ends with }}, and holds one name.")


def check(template: bytes, paper: Paper) -> None:
    """Try an uploaded template on a sample. Raises ValidationError that says what is wrong with it."""
    if len(template) > MOST_TEMPLATE_BYTES:
        raise ValidationError(_("A template has at most %(mb)s MB.") % {"mb": MOST_TEMPLATE_BYTES // 1024 // 1024})
    try:
        with zipfile.ZipFile(BytesIO(template)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED_BYTES:
                raise ValidationError(_("This file unpacks to more than a template can need."))
            if any(part.filename.endswith("vbaProject.bin") for part in parts.infolist()):
                raise ValidationError(_("This file holds macros. Save it as a docx without macros."))
    except zipfile.BadZipFile:
        raise ValidationError(_("This is not a docx file. Save it as docx in Word or WPS first.")) from None
    try:
        fill(template, paper.sample)
    except (TemplateError, SecurityError) as error:
        raise ValidationError(
            _("The template cannot be filled. %(reason)s Compare its placeholders with the list on this page.")
            % {"reason": _in_words(error)}
        ) from error
    except Exception as error:
        # A docx from strangers can be broken in more ways than its library names; whichever it is, the
        # administrator is told and nothing is stored.
        raise ValidationError(
            _("This docx cannot be used as a template: %(reason)s")
            % {"reason": str(error)[:200] or type(error).__name__}
        ) from error
