"""What is printed, taken down once in both languages: later renames and corrections leave it alone."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils import translation

from partnerships.certificates.kinds import CertificateType, Draft
from partnerships.common.clock import baku_date
from partnerships.common.text import clean_line
from partnerships.documents.printing.engine import plain

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def freeze(kind: CertificateType, draft: Draft) -> dict[str, Any]:
    """The JSON of everything that is printed besides number, code and dates, as text in each language."""
    lines = [
        {"key": line.key, "label": both(line.label), "value": value}
        for line in draft.lines
        if any((value := both(line.value)).values())
    ]
    return {
        "title": both(kind.title),
        "issuer": both(lambda: draft.issuer.display_name),
        "text": both(draft.text),
        "lines": lines,
        "signatories": [{"position": both(s.position), "name": _one_line(s.name)} for s in draft.signatories],
    }


def both(value: Any) -> dict[str, str]:
    """The value as text in every language."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = _one_line(value() if callable(value) else value)
    return words


def _one_line(value: Any) -> str:
    if value is None:
        return ""
    return clean_line(str(plain(value)))


def in_language(words: dict[str, str], language: str) -> str:
    """The words in this language; where there are none, in Azerbaijani."""
    return words.get(language) or words.get("az", "")


def fingerprint(certificate: Any) -> str:
    """SHA-256 of all that the paper says, in one fixed order: an edit of the row by hand shows."""
    said = {
        "serial": certificate.serial,
        "code": certificate.code,
        "kind": certificate.kind,
        "holder": certificate.holder_name,
        "issued": baku_date(certificate.issued_at).isoformat(),
        "valid_to": certificate.valid_to.isoformat() if certificate.valid_to else "",
        "template": f"{certificate.template}-{certificate.template_version}",
        "snapshot": certificate.snapshot,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
