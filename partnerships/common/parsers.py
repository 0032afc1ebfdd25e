"""What the API reads. Apart from api.py, which needs the views that need this."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20  # lists and objects in one another; nothing here goes further than five


class SoundJSONParser(JSONParser):
    """JSON whose texts are text: half a surrogate pair, which neither database nor answer can hold, is
    refused; so is what is nested until whoever reads or writes it runs out of stack."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().parse(*args, **kwargs)
            if _deeper(found, DEEPEST):
                raise ParseError
            json.dumps(found, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError) as error:
            raise ParseError from error
        return found


def _deeper(found: Any, levels: int) -> bool:
    """Whether lists and objects stand in one another further down than that."""
    level = [found]
    for _down in range(levels):
        inside = [
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)
        ]
        level = [one for many in inside for one in many]
    return any(isinstance(one, dict | list) for one in level)
