"""The cheap hash of a column keeps the promise of every hash: what is equal has the same one."""

from django.apps import apps
from django.db.models.expressions import Col


def test_equal_columns_have_one_hash_and_no_two_columns_of_a_table_share_one() -> None:
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        columns = [Col("t", field) for field in fields]
        again = [Col(alias="t", target=field) for field in fields]
        assert columns == again
        assert list(map(hash, columns)) == list(map(hash, again))
        assert len(set(columns)) == len({hash(column) for column in columns}) == len(fields)
