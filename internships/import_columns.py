"""The columns of the table in which a university brings its students, and how a cell is read."""

import re
from decimal import Decimal, InvalidOperation
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from openpyxl import load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from partnerships.common.export import sheet_title
from partnerships.common.importer import Column, Sheet, template
from partnerships.common.importer.cleaning import OneOf
from partnerships.common.text import fold
from partnerships.directory.enums import Degree, StudyMode
from partnerships.directory.name_columns import JOINED_NAMES, NAME_COLUMNS, PHONE_COLUMN, clean_email

_NUMBER = re.compile(r"[0-9A-Za-zƏəÇçĞğİıÖöŞşÜü][\wƏə ./№-]{0,29}")
_YEAR = re.compile(r"([1-8])(?:\s*[-–.]?\s*\D*)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
ANY_WORDS = frozenset(fold(word) for word in ("hər hansı", "hər hansı biri", "istənilən", "any", "*"))

_DEGREES = {
    "bakalavr": Degree.BACHELOR,
    "bakalavriat": Degree.BACHELOR,
    "bachelor": Degree.BACHELOR,
    "magistr": Degree.MASTER,
    "magistratura": Degree.MASTER,
    "master": Degree.MASTER,
    "doktorant": Degree.DOCTORATE,
    "doktorantura": Degree.DOCTORATE,
    "doctorate": Degree.DOCTORATE,
    "phd": Degree.DOCTORATE,
    "kollec": Degree.COLLEGE,
    "subbakalavr": Degree.COLLEGE,
    "college": Degree.COLLEGE,
}
_MODES = {
    "eyani": StudyMode.FULL_TIME,
    "full-time": StudyMode.FULL_TIME,
    "full time": StudyMode.FULL_TIME,
    "qiyabi": StudyMode.PART_TIME,
    "part-time": StudyMode.PART_TIME,
    "part time": StudyMode.PART_TIME,
}


def clean_number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValidationError(_("A student number has at most 30 letters and digits."))
    return text


def clean_year(text: str) -> int:
    """4, “4-cü kurs” or IV."""
    folded = fold(text)
    if folded.split(" ")[0] in _ROMAN:
        return _ROMAN[folded.split(" ")[0]]
    found = _YEAR.fullmatch(folded)
    if found is None:
        raise ValidationError(_("The year of study is a number from 1 to 8."))
    return int(found[1])


def clean_gpa(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation as error:
        raise ValidationError(_("The GPA is a number from 0 to 100, such as 84.5.")) from error
    if not value.is_finite() or not 0 <= value <= 100:
        raise ValidationError(_("The GPA is a number from 0 to 100, such as 84.5."))
    return value.quantize(Decimal("0.01"))


STUDENT_COLUMNS = (
    *NAME_COLUMNS,
    Column(
        "email",
        lazy("E-mail"),
        (
            "E-poçt",
            "E-poçt ünvanı",
            "Elektron poçt",
            "Elektron poçt ünvanı",
            "Elektron ünvan",
            "Email",
            "Mail",
            "E-mail address",
        ),
        example="nigar.mammadova@aztu.edu.az",
        clean=clean_email,
        help=lazy(
            "The student is told at this address and signs up with it. E-mail or student number: "
            "one of the two is needed."
        ),
    ),
    PHONE_COLUMN,
    Column(
        "student_number",
        lazy("Student number"),
        ("Tələbə nömrəsi", "Tələbə №", "Tələbə bileti", "Tələbə biletinin nömrəsi", "Number"),
        example="22-0417",
        clean=clean_number,
        help=lazy("By it the student is found again where there is no e-mail address."),
    ),
    Column(
        "faculty",
        lazy("Faculty"),
        ("Fakültə", "Kafedra", "Department"),
        example="Energetika",
        help=lazy("As it is named in the portal. Without it, what you coordinate is taken."),
    ),
    Column(
        "specialty",
        lazy("Specialty"),
        ("İxtisas", "İxtisasın şifri", "Şifr", "Specialty code", "Major"),
        required=True,
        example="050608",
        help=lazy("The code of the classifier, or the name."),
    ),
    Column(
        "degree",
        lazy("Level"),
        ("Səviyyə", "Təhsil səviyyəsi", "Pillə", "Degree"),
        example="Bakalavr",
        clean=OneOf(lambda: Degree.choices, _DEGREES),
        help=lazy("Without it, the level of the specialty is taken."),
    ),
    Column("year", lazy("Year of study"), ("Kurs", "Year"), required=True, example="3", clean=clean_year),
    Column(
        "gpa",
        lazy("GPA"),
        ("ÜOMG", "Orta bal", "Bal"),
        example="84,5",
        clean=clean_gpa,
        help=lazy("From 0 to 100."),
    ),
    Column(
        "mode",
        lazy("Mode of study"),
        ("Təhsil forması", "Forma", "Mode", "Əyani/qiyabi"),
        example="Əyani",
        clean=OneOf(lambda: StudyMode.choices, _MODES),
        help=lazy("Full-time unless said otherwise."),
    ),
)
NOMINATION_COLUMNS = (
    Column(
        "position",
        lazy("Place"),
        ("Yer", "Təcrübə yeri", "Vakansiya", "Vəzifə", "Position"),
        example="hər hansı",
        help=lazy(
            "The name of the place, or “any”: then the place that takes the student and has most seats left. "
            "Empty: the student is listed and not nominated."
        ),
    ),
    Column(
        "supervisor",
        lazy("University supervisor"),
        ("Təcrübə rəhbəri", "Rəhbər", "Elmi rəhbər", "Universitet üzrə rəhbər", "Supervisor"),
        example="rehber@aztu.edu.az",
        help=lazy("E-mail address or name of a supervisor of the university. May be named later."),
    ),
)


def sheet_for(nominates: bool) -> Sheet:
    columns = STUDENT_COLUMNS + (NOMINATION_COLUMNS if nominates else ())
    return Sheet(lazy("Students"), columns, lazy("One row for each student."), JOINED_NAMES)


def template_with(sheet: Sheet, lists: dict[str, list[str]]) -> bytes:
    """The template with what may be chosen on its second sheet, and offered in the cells of the first.

    `lists` are values by column key.
    """
    book = load_workbook(BytesIO(template(sheet)))
    rows, page = book.worksheets[0], book.create_sheet(sheet_title(_("Lists")), 1)
    keys = [column.key for column in sheet.columns]
    for place, (key, values) in enumerate(lists.items(), start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = 44
        page.cell(1, place, sheet.label(key)).font = Font(bold=True)
        for line, value in enumerate(values, start=2):
            cell = page.cell(line, place, value)
            cell.data_type = "s"
            cell.number_format = "@"
        if not values:
            continue
        column = get_column_letter(keys.index(key) + 1)
        offered = DataValidation(
            "list", formula1=f"'{page.title}'!${letter}$2:${letter}${len(values) + 1}", allow_blank=True
        )
        offered.showErrorMessage = False  # another way of writing it is understood too
        offered.add(f"{column}2:{column}5000")
        rows.add_data_validation(offered)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
