"""Printing to PDF: a typst template of an app, filled with data. Docs: docs/printing.md.

pdf = print_pdf("internships/diary", data, language="az")
return pdf_response(pdf, _("Practice diary"))
"""

from partnerships.documents.printing.answers import pdf_response
from partnerships.documents.printing.engine import PrintError, print_pdf
from partnerships.documents.printing.qr import qr_svg

__all__ = ["PrintError", "pdf_response", "print_pdf", "qr_svg"]
