"""The page on which somebody says which column of their table is which."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partnerships.common.access import access
from partnerships.common.importer import NONE, Sheet
from partnerships.documents import imports
from partnerships.documents.enums import ImportState
from partnerships.documents.holding import still_at_work
from partnerships.documents.importers import importer_of
from partnerships.documents.models import ImportRun


class ColumnsForm(forms.Form):
    """A choice for each column of the file: what it is, or that it is left out."""

    def __init__(self, data: Any, *, found: list[dict[str, Any]], sheet: Sheet) -> None:
        super().__init__(data)
        self.found = found
        choices = [("", _("Leave out")), *((column.key, str(column.label)) for column in sheet.accepted)]
        for place, column in enumerate(found):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                label=column["label"],
                initial=column["key"],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def rows(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        return [(column, self[f"column_{place}"]) for place, column in enumerate(self.found)]

    @property
    def choices(self) -> dict[str, str]:
        return {
            column["slot"]: self.cleaned_data[f"column_{place}"] for place, column in enumerate(self.found)
        }


class HeadingForm(forms.Form):
    """In which row of the file the headings stand: of the first rows, as they read."""

    row = forms.TypedChoiceField(label=gettext_lazy("Row of the headings"), coerce=int)

    def __init__(self, data: Any, *, headings: dict[str, Any]) -> None:
        super().__init__(data, initial={"row": headings.get("first")})
        top = headings.get("top", [])
        none = (NONE, _("There are none: every row is data"))
        self.fields["row"].choices = [none, *((number, f"{number}. {words}") for number, words in top)]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@login_required
def columns(request: HttpRequest, uid: Any) -> HttpResponse:
    """GET shows each column with its first values and what it is taken for; POST has the table read so, or
    with the headings in another row."""
    run = access(ImportRun.objects.select_related("job"), uid, request.user, still_at_work)
    headings = run.summary.get("headings")
    if headings is None or run.state not in (ImportState.ASKING, ImportState.PREVIEWED):
        return redirect(run)
    kind = importer_of(run.kind)
    sheet = kind.sheet(run.context)
    data = request.POST if request.method == "POST" else None
    by_row = data is not None and "row" in data
    row_form = HeadingForm(data if by_row else None, headings=headings)
    if by_row and row_form.is_valid():
        return redirect(imports.pick_headings(run, row_form.cleaned_data["row"], actor=request.user))
    form = ColumnsForm(None if by_row else data, found=headings["columns"], sheet=sheet)
    if form.is_bound and form.is_valid():
        try:
            return redirect(imports.match_columns(run, form.choices, actor=request.user))
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "run": run,
        "form": form,
        "row_form": row_form,
        "headings_rows": bool(headings.get("top")),
        "line": headings["line"],
        "title": kind.title(run.context),
        "upload_url": kind.upload_url(run.context),
        "asking": run.state == ImportState.ASKING,
        "needed": [column.label for column in sheet.columns if column.required],
    }
    status = 422 if form.errors or row_form.errors else 200
    return render(request, "documents/import_columns.html", context, status=status)
