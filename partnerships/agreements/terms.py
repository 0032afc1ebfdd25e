"""The term of an agreement: how long it holds, whether it renews by itself, by when it is decided."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partnerships.agreements.enums import TermKind
from partnerships.common.clock import end_of_day
from partnerships.common.days import validate_days

LOOKED_AT = 12  # months after which an agreement without an end is looked at again


@dataclass(frozen=True)
class Term:
    """starts, ends: its days; of one that renews, the first period. renew_months: by how many months it
    renews by itself, None when it does not. notice_days: how long before the end it is decided."""

    starts: date
    ends: date | None = None
    renew_months: int | None = None
    notice_days: int = 0


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    # The end of a month stays the end of a month: 28 February and a month is 31 March for a term's last day.
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if ends_month else min(day.day, last))


def as_long(starts: date, ends: date, begins: date) -> date:
    """The last day of a term from `begins` that is as long as from `starts` to `ends`: in months where
    that one is some whole months, so that a year ends on 31 December in leap years too; in years where it
    ends with a year; else in days."""
    after = ends + timedelta(days=1)
    months = 12 * (after.year - starts.year) + after.month - starts.month
    if months > 0 and add_months(starts, months) == after:
        return add_months(begins, months) - timedelta(days=1)
    years = round((after - starts).days / 365.25)
    if years and (begins, ends.month, ends.day) == (after, 12, 31):
        return ends.replace(year=ends.year + years)
    return begins + (ends - starts)


def set_term(agreement: Any, term: Term) -> None:
    """Write the term into the row, with all that follows from it. Raises ValidationError by field."""
    validate_days(starts=term.starts, ends=term.ends)
    if term.ends is not None and term.ends < term.starts:
        raise ValidationError({"ends": _("The last day is before the first.")})
    if term.renew_months and term.ends is None:
        raise ValidationError({"ends": _("Give the last day of the first term that renews by itself.")})
    agreement.starts, agreement.period_ends = term.starts, term.ends
    agreement.renew_months = term.renew_months or None
    agreement.notice_days = term.notice_days
    if term.renew_months:
        agreement.term_kind, agreement.ends = TermKind.AUTO, None
    else:
        agreement.term_kind = TermKind.FIXED if term.ends is not None else TermKind.OPEN
        agreement.ends = term.ends
    agreement.expires = end_of_day(agreement.ends) if agreement.ends is not None else None
    set_notice(agreement)


def set_notice(agreement: Any, looked_at: date | None = None) -> None:
    """By when it is to be decided; a contract for one practice ends with it and nothing is decided.

    looked_at  for one without an end: when somebody last said that it goes on
    """
    if agreement.is_for_one_practice:
        day = None
    elif agreement.period_ends is None:
        day = add_months(looked_at or agreement.starts, LOOKED_AT)
    else:
        day = max(agreement.starts, agreement.period_ends - timedelta(days=agreement.notice_days))
    agreement.notice_by = day
    agreement.notice_at = end_of_day(day) if day is not None else None


def unsaid(bilingual: bool, terms_az: str, terms_en: str) -> dict[str, str]:
    """Field -> words, for special terms that an agreement in both languages says in one alone."""
    terms = {"terms_az": terms_az.strip(), "terms_en": terms_en.strip()}
    if not bilingual or not any(terms.values()):
        return {}
    words = _("The agreement is in both languages: write these terms in this one too.")
    return {name: words for name, said in terms.items() if not said}


def set_special(agreement: Any, terms_az: str, terms_en: str) -> None:
    """Write the special terms. Raises ValidationError by field where `unsaid` has one."""
    if missing := unsaid(agreement.bilingual, terms_az, terms_en):
        raise ValidationError(missing)
    agreement.terms_az, agreement.terms_en = terms_az.strip(), terms_en.strip()


NOTICE_FIELDS = ("notice_by", "notice_at")


def term_of(agreement: Any) -> Term:
    """The term as it stands, to be changed or carried over."""
    return Term(agreement.starts, agreement.period_ends, agreement.renew_months, agreement.notice_days)
