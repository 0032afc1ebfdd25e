"""What was sent, kept as fingerprints with the change, so that a second sending tells what is different.

The words themselves are not kept a second time: the application has them, and erasure would have to find
them.
"""

import json
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.documents.enums import DocumentKind

PARTS = {
    "places": gettext_lazy("places"),
    "motivation": gettext_lazy("why this place"),
    "answers": gettext_lazy("answers to questions"),
    "documents": gettext_lazy("documents"),
    "studies": gettext_lazy("studies"),
}


def fingerprints(application: Any, eligibility: dict[str, Any]) -> dict[str, str]:
    """One for each part of the application as it is being sent."""
    parts: dict[str, Any] = {
        "places": [str(choice.vacancy.uid) for choice in application.choices.all()],
        "motivation": application.motivation.strip(),
        "documents": sorted(
            f"{document.kind} {document.sha256}"
            for document in application.documents.all()
            if document.kind != DocumentKind.ANSWER
        ),
        "studies": eligibility.get("study", {}),
    }
    if application.programme.call.question_count:
        parts["answers"] = sorted(
            [answer.question_id, answer.document.sha256 if answer.document else answer.value]
            for answer in application.answers.select_related("document")
        )
    return {
        name: sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
        for name, value in parts.items()
    }


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What is different in the second of two sendings, in words; nothing where the first was not kept."""
    if not before or not after:
        return ""
    changed = [str(label) for name, label in PARTS.items() if before.get(name) != after.get(name)]
    if not changed:
        return _("Sent again with nothing changed")
    return _("Sent again, changed: %(parts)s") % {"parts": ", ".join(changed)}
