"""Who may do what with a certificate: what its type says of the object that it is for."""

from typing import Any

from rules.predicates import predicate

from partnerships.certificates.kinds import types
from partnerships.directory.access import access_of


@predicate
def holds_certificate(user: Any, certificate: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and certificate.holder_id == person_id


@predicate
def answers_for_certificate(user: Any, certificate: Any) -> bool:
    """Whoever its type lets revoke; nobody revokes or renews their own."""
    kind = types().get(certificate.kind)
    subject = certificate.subject
    if kind is None or subject is None or holds_certificate(user, certificate):
        return False
    return bool(kind.may_revoke(user, subject))
