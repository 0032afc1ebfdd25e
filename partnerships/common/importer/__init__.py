"""Tables that people bring: what columns they may have, how they are read, and the files given back.

Docs: docs/imports.md. What happens to the rows stands above, in documents/imports.py.
"""

from partnerships.common.importer.headings import NONE, Headings
from partnerships.common.importer.reading import Table, every_row, read
from partnerships.common.importer.sheet import Column, Row, Sheet
from partnerships.common.importer.workbook import Unreadable
from partnerships.common.importer.writing import ReportRow, report, template

__all__ = [
    "NONE",
    "Column",
    "Headings",
    "ReportRow",
    "Row",
    "Sheet",
    "Table",
    "Unreadable",
    "every_row",
    "read",
    "report",
    "template",
]
