"""How every operation on a row is described: its version and keys need no line in the viewsets."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser

from partnerships.common import once
from partnerships.common.api import REFUSALS

HEADER: Literal["header"] = "header"
ETAG = OpenApiParameter(
    "ETag", str, HEADER, response=[200, 201], description="Version of the row and of what is said of it."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, HEADER, description="ETag of what you have: 304 while nothing has changed."
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, HEADER, description="ETag of the row that you saw: 412 if it has been changed since."
)
KEY = OpenApiParameter(
    once.HEADER,
    {"type": "string", "minLength": 1, "maxLength": once.LONGEST},
    HEADER,
    description="Of your own making, such as a UUID: sent again within 24 hours, the same answer comes again "
    "and nothing is done twice. Another request with the same key is 422.",
)
REPLAY = OpenApiParameter(
    once.REPLAYED, str, HEADER, response=[200, 201], description="`true`: this was done and answered before."
)


class RowSchema(AutoSchema):
    """Adds ETag, If-None-Match and If-Match to what viewsets of ours say of single rows."""

    def _headers(self) -> list[OpenApiParameter]:
        if not getattr(self.view, "answers_etags", False):
            return []
        uploads = MultiPartParser in getattr(self.view, "parser_classes", [])
        keyed = [KEY, REPLAY] if self.method == "POST" and not uploads else []
        if getattr(self.view, "detail", False):
            return [ETAG, IF_NONE_MATCH if self.method == "GET" else IF_MATCH, *keyed]
        return [ETAG, *keyed] if keyed else []

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *self._headers()]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        headers = self._headers()
        if getattr(self.view, "answers_etags", False):  # a token may be limited
            bodies.setdefault("403", self._get_response_for_code(REFUSALS[403], "403", direction=direction))
            if self.method == "GET":  # a name that nothing is asked by
                bodies.setdefault(
                    "400", self._get_response_for_code(REFUSALS[400], "400", direction=direction)
                )
        if IF_NONE_MATCH in headers:
            bodies["304"] = {"description": "What you have still holds."}
        if IF_MATCH in headers:
            bodies["412"] = self._get_response_for_code(REFUSALS[412], "412", direction=direction)
        if KEY in headers:
            bodies["422"] = self._get_response_for_code(REFUSALS[422], "422", direction=direction)
            # A key that is none, also of what takes nothing else that could be wrong.
            bodies.setdefault("400", self._get_response_for_code(REFUSALS[400], "400", direction=direction))
        return bodies
