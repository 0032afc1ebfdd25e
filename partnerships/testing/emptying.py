"""On PostgreSQL, a test that commits leaves empty tables behind by DELETE.

TRUNCATE makes a new file of each table and each index: with seven hundred of them it takes a second, a
hundred times in a run, to throw away what are mostly a few dozen rows.
"""

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

# The same after every test: made when the database is, and named by keys in words that are kept.
ALWAYS = frozenset({"django_content_type", "auth_permission"})
_truncating = DatabaseOperations.sql_flush


def _deleting(
    ops: Any, style: Any, tables: Any, *, reset_sequences: bool = False, allow_cascade: bool = False
) -> Any:
    if reset_sequences:
        return _truncating(ops, style, tables, reset_sequences=True, allow_cascade=allow_cascade)
    names = [ops.quote_name(table) for table in sorted(set(tables) - ALWAYS)]
    # Whoever still writes, a thread of the live server say, is waited for.
    first = f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE"
    return ["; ".join([first, *(f"DELETE FROM {name}" for name in names)])]


def by_deleting() -> None:
    """From now on, in this process."""
    DatabaseOperations.sql_flush = _deleting  # type: ignore[assignment, method-assign]
