"""What the API reads. Apart from api.py, which needs the views that need this."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SoundJSONParser(JSONParser):
    """JSON whose texts are text: half a surrogate pair, which neither database nor answer can hold, is
    refused."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        found = super().parse(*args, **kwargs)
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ParseError from error
        return found
