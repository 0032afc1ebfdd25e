"""Rows by the words of those whom they name, kept for each container (docs/speed.md).

Who has a frequent name is found at once (`LexiconIndex`), and 1,700 people have it; of the applications of a
round 340 are theirs, and to find these each of the 1,700 would have to be looked up in it. Here PostgreSQL
keeps the words of their people beside the rows, those of a container and a word together in one index.
"""

from typing import Any

from django.db import connection, models

from partnerships.common.asked import Part
from partnerships.common.lexicon import BETWEEN, SHORTEST, LexiconIndex


class NamedIndex(models.Index):
    """Of the `fields` of a model: the container in which is sought, and whom a row names.

    of   the field of folded text of those named, of which a `LexiconIndex` keeps the words

    Triggers keep it: whatever writes a row, or a name, the words follow within the same statement. A row that
    comes and a name that changes at the same moment wait for one another. Where there is no PostgreSQL, an
    ordinary index stands in.
    """

    def __init__(self, *, fields: Any, name: str, of: str) -> None:
        self.of = of
        super().__init__(fields=fields, name=name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "of": self.of}

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using=using, **kwargs)
        within, named = (model._meta.get_field(field) for field in self.fields)
        people = named.related_model._meta
        return _NAMED % {
            "name": self.name,
            "table": model._meta.db_table,
            "within": within.column,
            "named": named.column,
            "people": people.db_table,
            "text": people.get_field(self.of).column,
        }

    def remove_sql(self, model: Any, schema_editor: Any, **kwargs: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return super().remove_sql(model, schema_editor, **kwargs)
        return _NOTHING_NAMED % {"name": self.name}

    def keys(self, lexicon: LexiconIndex, words: str, within: Any, most: int) -> Part:
        """The keys of the first so many rows of the container (its key, or the value of a question) that name
        somebody with these folded words, in a column "pk", the lowest first; None where that has to be asked
        of the people."""
        known = lexicon.words_like(words)
        if connection.vendor != "postgresql" or known is None:
            return None
        # Of our own making: the name of an index, a number.
        sql = (
            f"SELECT DISTINCT owner AS pk FROM {self.name}_words WHERE within = %s"  # noqa: S608
            f" AND word = ANY(ARRAY({known[0]})) ORDER BY owner LIMIT {int(most)}"
        )
        return sql, (within, *known[1])


# A row that comes takes hold of whom it names (FOR SHARE): a change of their words that is not there yet is
# waited for, and one that begins later finds the row. Whom a row names does not go before the row, so that
# nothing is to be done when somebody comes or goes. All names are those of an index, tables and columns.
_OF_ROWS = f"""SELECT DISTINCT one.%(within)s, word, one.id FROM %(table)s one
    JOIN %(people)s person ON person.id = one.%(named)s,
    regexp_split_to_table(person.%(text)s, {BETWEEN}) word
    WHERE LENGTH(word) >= {SHORTEST}"""  # noqa: S608

_NAMED = f"""
CREATE TABLE %(name)s_words (within bigint NOT NULL, word text COLLATE "C" NOT NULL, owner bigint NOT NULL);
INSERT INTO %(name)s_words (within, word, owner) {_OF_ROWS} ORDER BY 1, 2, 3;
ALTER TABLE %(name)s_words ADD PRIMARY KEY (within, word, owner);
CREATE INDEX %(name)s_of_owner ON %(name)s_words (owner);

CREATE FUNCTION %(name)s_rows() RETURNS trigger LANGUAGE plpgsql AS $rows$
DECLARE
    keys bigint[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE %(name)s_words;
        RETURN NULL;
    END IF;
    IF TG_LEVEL = 'ROW' THEN
        keys := ARRAY[NEW.id];
    ELSE
        keys := ARRAY(SELECT id FROM changed);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM %(name)s_words WHERE owner = ANY(keys);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM FROM %(people)s person WHERE person.id IN (
            SELECT one.%(named)s FROM %(table)s one WHERE one.id = ANY(keys)) ORDER BY person.id FOR SHARE;
        INSERT INTO %(name)s_words (within, word, owner) {_OF_ROWS} AND one.id = ANY(keys)
            ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$rows$;
CREATE TRIGGER %(name)s_added AFTER INSERT ON %(table)s REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_rows();
CREATE TRIGGER %(name)s_changed AFTER UPDATE OF %(within)s, %(named)s ON %(table)s FOR EACH ROW
    WHEN (OLD.%(within)s IS DISTINCT FROM NEW.%(within)s OR OLD.%(named)s IS DISTINCT FROM NEW.%(named)s)
    EXECUTE FUNCTION %(name)s_rows();
CREATE TRIGGER %(name)s_deleted AFTER DELETE ON %(table)s REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_rows();
CREATE TRIGGER %(name)s_emptied AFTER TRUNCATE ON %(table)s
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_rows();

CREATE FUNCTION %(name)s_renamed() RETURNS trigger LANGUAGE plpgsql AS $renamed$
BEGIN
    DELETE FROM %(name)s_words kept USING %(table)s one WHERE one.%(named)s = NEW.id AND kept.owner = one.id
        AND NOT kept.word = ANY(regexp_split_to_array(NEW.%(text)s, {BETWEEN}));
    INSERT INTO %(name)s_words (within, word, owner) {_OF_ROWS} AND one.%(named)s = NEW.id
        ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$renamed$;
CREATE TRIGGER %(name)s_renamed AFTER UPDATE OF %(text)s ON %(people)s FOR EACH ROW
    WHEN (OLD.%(text)s IS DISTINCT FROM NEW.%(text)s) EXECUTE FUNCTION %(name)s_renamed();
"""  # noqa: S608

_NOTHING_NAMED = """
DROP FUNCTION %(name)s_rows() CASCADE;
DROP FUNCTION %(name)s_renamed() CASCADE;
DROP TABLE %(name)s_words;
"""
