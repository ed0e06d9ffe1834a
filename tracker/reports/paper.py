"""Sheets of paper in the form of GB/T 9704-2012: the parts that the default templates are put together from.

Type area 156 × 225 mm, 22 lines of 28 characters, body in 仿宋 三号, title in 小标宋 二号, first headings in
黑体, second in 楷体, page numbers "— 1 —" in 四号 on the outer side.
"""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

SONG, FANGSONG, KAITI, HEITI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
# Where a font is missing, the program takes the first of these that it has (w:altName).
_INSTEAD = {
    SONG: "方正小标宋_GBK,华文中宋,STZhongsong,宋体,SimSun",
    FANGSONG: "仿宋,FangSong,STFangsong,华文仿宋",
    KAITI: "楷体,KaiTi,STKaiti,华文楷体",
    HEITI: "SimHei,Microsoft YaHei,微软雅黑",
}
_DIGITS = "Times New Roman"
TWO, THREE, FOUR, SMALL_FOUR, FIVE = Pt(22), Pt(16), Pt(14), Pt(12), Pt(10.5)  # 二号 三号 四号 小四 五号
_LINE = Pt(28.95)  # 225 mm in 22 lines


def font(run: Any, name: str, size: Any = None, *, bold: bool = False, colour: str = "") -> None:
    """Set a run's font for Chinese and for digits. ``colour`` is RRGGBB."""
    run.font.name = _DIGITS
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hint"), "eastAsia")
    if size is not None:
        run.font.size = size
    run.font.bold = bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = _element(tag, **attributes)
    parent.append(element)
    return element


def _fallbacks(document: Any) -> None:
    """Name in the font table what to take where a font is not installed."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in _INSTEAD.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{rows}</w:fonts>'
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = xml.encode()


def _page_number(footer: Any, *, outer: str) -> None:
    """— 1 —, one character in from the outer edge."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if outer == "right" else WD_ALIGN_PARAGRAPH.LEFT
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{outer}Chars"), "100")
    indent.set(qn(f"w:{outer}"), "280")
    for piece in ("— ", "begin", "PAGE", "end", " —"):
        run = paragraph.add_run(piece if "—" in piece else "")
        font(run, "宋体", FOUR)
        if piece in ("begin", "end"):
            _child(run._r, "w:fldChar", fldCharType=piece)
        elif piece == "PAGE":
            _child(run._r, "w:instrText").text = " PAGE "


def document(*, landscape: bool = False) -> Any:
    """An empty sheet: A4, margins, grid of lines, fonts and page numbers."""
    made = Document()
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37), Mm(35), Mm(28), Mm(26),
    )  # fmt: skip
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
            Mm(28), Mm(26), Mm(25), Mm(25),
        )  # fmt: skip
    section.footer_distance = Mm(25 if not landscape else 16)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = _child(section._sectPr, "w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    _page_number(section.footer, outer="right")
    _page_number(section.even_page_footer, outer="left")
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = _DIGITS, THREE
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FANGSONG)
    _child(normal.element.rPr, "w:lang", val="en-US", eastAsia="zh-CN")
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    _fallbacks(made)
    made.core_properties.author = made.core_properties.comments = ""
    made.core_properties.language = "zh-CN"
    return made


def title(made: Any, text: str, *, page_break_before: bool = False, colour: str = "") -> Any:
    """The title: 小标宋 二号, in the middle, with room around it."""
    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(34)
    paragraph.paragraph_format.space_after = Pt(14)
    paragraph.paragraph_format.page_break_before = page_break_before
    paragraph.paragraph_format.keep_with_next = True
    font(paragraph.add_run(text), SONG, TWO, colour=colour)
    return paragraph


def line(
    made: Any,
    text: str,
    *,
    name: str = FANGSONG,
    size: Any = THREE,
    align: str = "both",
    indent: bool = True,
    right_chars: int = 0,
    bold: bool = False,
    keep_with_next: bool = False,
    colour: str = "",
) -> Any:
    """A paragraph of the body; ``indent`` by two characters, ``right_chars`` free at the right edge."""
    paragraph = made.add_paragraph()
    paragraph.alignment = {
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    paragraph.paragraph_format.keep_with_next = keep_with_next
    if indent or right_chars:
        indentation = paragraph._p.get_or_add_pPr().get_or_add_ind()
        if indent:
            indentation.set(qn("w:firstLineChars"), "200")
            indentation.set(qn("w:firstLine"), str(int(size.pt * 40)))
        if right_chars:
            indentation.set(qn("w:rightChars"), str(right_chars * 100))
            indentation.set(qn("w:right"), str(int(size.pt * 20 * right_chars)))
    font(paragraph.add_run(text), name, size, bold=bold, colour=colour)
    return paragraph


def heading(made: Any, text: str, *, level: int = 1) -> Any:
    """一、 in 黑体, （一） in 楷体; never left alone at the foot of a page."""
    return line(made, text, name=HEITI if level == 1 else KAITI, align="left", keep_with_next=True)


def tag(made: Any, text: str) -> Any:
    """A paragraph that only steers the template (``{%p for … %}``) and leaves nothing behind."""
    return made.add_paragraph(text)


def seal(made: Any, office: str, date: str) -> None:
    """署名 and 成文日期 at the right, four characters free, the name in the middle over the date; kept together."""
    line(made, "", indent=False, keep_with_next=True)
    line(made, office, align="right", indent=False, right_chars=3, keep_with_next=True)
    line(made, date, align="right", indent=False, right_chars=4)


def cell_text(
    cell: Any, text: str, *, name: str = FANGSONG, size: Any = SMALL_FOUR, align: str = "left", bold: bool = False
) -> None:
    """Write into a cell in close lines."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.4)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    # The page's grid of 22 lines is for the body; a table is set closer.
    paragraph._p.get_or_add_pPr().insert_element_before(_element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc")
    font(paragraph.add_run(text), name, size, bold=bold)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def table(
    made: Any, widths: Sequence[float], head: Sequence[str] = (), *, size: Any = SMALL_FOUR, style: str = "Table Grid"
) -> Any:
    """A table, with lines unless ``style`` is empty, of columns ``widths`` mm wide; its ``head`` repeats."""
    made_table = made.add_table(rows=0, cols=len(widths))
    if style:
        made_table.style = style
    made_table.alignment = WD_TABLE_ALIGNMENT.CENTER
    made_table.autofit = False
    for column, width in zip(made_table.columns, widths, strict=True):
        column.width = Mm(width)
    if head:
        cells = row(made_table, head, name=HEITI, size=size, aligns=["center"] * len(widths))
        _child(cells[0]._tc.getparent().get_or_add_trPr(), "w:tblHeader")
    return made_table


def row(
    made_table: Any, texts: Sequence[str], *, name: str = FANGSONG, size: Any = SMALL_FOUR, aligns: Sequence[str] = ()
) -> Any:
    """One row that does not break across pages; its cells."""
    made_row = made_table.add_row()
    _child(made_row._tr.get_or_add_trPr(), "w:cantSplit")
    for number, text in enumerate(texts):
        cell = made_row.cells[number]
        cell.width = made_table.columns[number].width
        cell_text(cell, text, name=name, size=size, align=aligns[number] if aligns else "left")
    return made_row.cells


def shade(cell: Any, colour: str, *, apart: bool = True) -> None:
    """Give an empty cell a background, between white lines that keep it ``apart`` from the rows above and below;
    ``colour`` is a template's expression for RRGGBB."""
    if apart:
        borders = _child(cell._tc.get_or_add_tcPr(), "w:tcBorders")
        for edge in ("top", "bottom"):
            _child(borders, f"w:{edge}", val="single", sz="24", color="FFFFFF")
    cell.paragraphs[0].runs[0].text = f"{{% cellbg {colour} %}}"


def band(made: Any, colour: str, *, height: float = 4) -> None:
    """A bar across the page, ``height`` mm high; ``colour`` is an expression of the template for RRGGBB."""
    made_row = made.add_table(rows=1, cols=1).rows[0]
    made_row.height, made_row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.EXACTLY
    cell_text(made_row.cells[0], "", size=Pt(1))
    made_row.cells[0].paragraphs[0].paragraph_format.space_before = Pt(0)
    made_row.cells[0].paragraphs[0].paragraph_format.space_after = Pt(0)
    shade(made_row.cells[0], colour, apart=False)


def wide_row(made_table: Any, text: str, *, name: str = HEITI, size: Any = SMALL_FOUR) -> Any:
    """One row of a single cell across the whole table, never left alone at the foot of a page."""
    cells = row(made_table, [""] * len(made_table.columns), size=size)
    merged = cells[0].merge(cells[-1])
    for surplus in merged.paragraphs[1:]:
        surplus._p.getparent().remove(surplus._p)
    cell_text(merged, text, name=name, size=size)
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    return merged
