"""An index that answers whose text has a word, without a look at the rows (docs/speed.md).

The trigrams of a frequent name lead to one page of the table for each person who has it: 1,700 pages, of a
hundred thousand people. Here PostgreSQL keeps, beside the trigrams, which words stand in a folded column at
all (the lexicon, searched by trigrams of its own), and whose they are, those of a word together in one index.

A word is what stands between signs other than small Latin letters and digits. What is sought in such letters
alone is a part of a text exactly where it is a part of one of its words; anything else goes by the trigrams
of the whole text.
"""

import re
from typing import Any

from django.db import connection, transaction

from partnerships.common.asked import Part
from partnerships.common.indexes import TrigramIndex

SHORTEST = 3  # letters; a shorter word has no part that trigrams can find
BETWEEN = "'[^a-z0-9]+'"  # SQL of the signs between words
_ONE_WORD = re.compile(rf"[a-z0-9]{{{SHORTEST},}}")


class LexiconIndex(TrigramIndex):
    """`TrigramIndex` of a column of folded text, with its words.

    Triggers keep them, as the database keeps an index: whatever writes a row, save, bulk_create, update() or
    SQL, its words follow within the same statement, and a word that nobody has any more is gone. Where there
    is no PostgreSQL, an ordinary index stands in.
    """

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        trigrams = super().create_sql(model, schema_editor, using=using, **kwargs)
        if schema_editor.connection.vendor != "postgresql":
            return trigrams
        return f"{trigrams};{self.words_sql(model)}"

    def words_sql(self, model: Any) -> str:
        """What makes the words of the rows that there are, and keeps them from then on."""
        column = model._meta.get_field(self.fields[0]).column
        return _WORDS % {"name": self.name, "table": model._meta.db_table, "column": column}

    def remove_sql(self, model: Any, schema_editor: Any, **kwargs: Any) -> Any:
        trigrams = super().remove_sql(model, schema_editor, **kwargs)
        if schema_editor.connection.vendor != "postgresql":
            return trigrams
        return f"{trigrams};{_NO_WORDS % {'name': self.name}}"

    def keys(self, words: str, most: int) -> Part:
        """The keys of the first so many rows with these folded words in their text, in a column "pk", the
        lowest first; None where that has to be asked of the text itself."""
        known = self.words_like(words)
        if known is None:
            return None
        # Of our own making: the name of an index, a number.
        sql = (
            f"SELECT DISTINCT owner AS pk FROM {self.name}_whose WHERE word = ANY(ARRAY({known[0]}))"  # noqa: S608
            f" ORDER BY owner LIMIT {int(most)}"
        )
        return sql, known[1]

    def words_like(self, words: str) -> Part:
        """The words of the lexicon with these folded words in them; None where a text may have them and no
        word of it."""
        if connection.vendor != "postgresql" or not _ONE_WORD.fullmatch(words):
            return None
        # Such words hold nothing that LIKE would read.
        return f"SELECT word FROM {self.name}_lexicon WHERE word || '' LIKE %s", (f"%{words}%",)  # noqa: S608

    def sweep(self) -> int:
        """Takes away words that nobody has, which a transaction that failed may leave; how many went."""
        if connection.vendor != "postgresql":
            return 0
        nobody = f"NOT EXISTS (SELECT FROM {self.name}_whose held WHERE held.word = known.word)"
        found = f"SELECT ctid FROM {self.name}_lexicon known WHERE {nobody} FOR UPDATE SKIP LOCKED"  # noqa: S608
        gone = f"DELETE FROM {self.name}_lexicon known WHERE ctid = ANY(%s::tid[]) AND {nobody}"  # noqa: S608
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(found)
            # Looked at again once they are held: somebody may have had the word when it was looked for.
            cursor.execute(gone, [[place for (place,) in cursor.fetchall()]])
            return int(cursor.rowcount)


# The words of some rows, (word, owner).
_OF_ROWS = f"""SELECT DISTINCT word, one.id AS owner
    FROM %(table)s one, regexp_split_to_table(one.%(column)s, {BETWEEN}) word
    WHERE LENGTH(word) >= {SHORTEST}"""  # noqa: S608

# Nobody waits for anybody here (SKIP LOCKED), so nobody can wait in a circle. The lexicon is read as a set: a
# word that somebody else adds, or takes away, at this moment is simply written once more. Who takes away the
# last row of a word leaves the word to those who are adding it (FOR UPDATE against KEY SHARE). What a
# transaction that fails leaves of that is a word of nobody, until `sweep`. Trigrams are of
# an expression, since a word itself would be looked up by them too, and nothing is put off in their index:
# every name that is written would go through what was (80 ms where no vacuum runs). All names are those of an
# index and of its table.
_WORDS = f"""
CREATE TABLE %(name)s_lexicon (word text COLLATE "C" NOT NULL);
CREATE TABLE %(name)s_whose (word text COLLATE "C" NOT NULL, owner bigint NOT NULL);
INSERT INTO %(name)s_whose (word, owner) {_OF_ROWS} ORDER BY word, owner;
INSERT INTO %(name)s_lexicon (word) SELECT DISTINCT word FROM %(name)s_whose;
ALTER TABLE %(name)s_whose ADD PRIMARY KEY (word, owner);
CREATE INDEX %(name)s_of_owner ON %(name)s_whose (owner);
CREATE INDEX %(name)s_words ON %(name)s_lexicon (word);
CREATE INDEX %(name)s_parts ON %(name)s_lexicon USING gin ((word || '') gin_trgm_ops) WITH (fastupdate = off);

CREATE FUNCTION %(name)s_kept() RETURNS trigger LANGUAGE plpgsql AS $kept$
DECLARE
    keys bigint[];
    words text[];
    places tid[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE %(name)s_lexicon, %(name)s_whose;
        RETURN NULL;
    END IF;
    IF TG_LEVEL = 'ROW' THEN
        keys := ARRAY[NEW.id];
    ELSE
        keys := ARRAY(SELECT id FROM changed);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        words := ARRAY(SELECT DISTINCT word FROM ({_OF_ROWS} AND one.id = ANY(keys)) fresh);
        WITH known AS (
            SELECT word FROM %(name)s_lexicon WHERE word = ANY(words) FOR KEY SHARE SKIP LOCKED)
        INSERT INTO %(name)s_lexicon (word) SELECT fresh.word FROM unnest(words) fresh(word)
            WHERE fresh.word NOT IN (SELECT known.word FROM known);
        INSERT INTO %(name)s_whose (word, owner) {_OF_ROWS} AND one.id = ANY(keys)
            ORDER BY word, owner ON CONFLICT DO NOTHING;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        WITH gone AS (
            DELETE FROM %(name)s_whose held WHERE held.owner = ANY(keys) AND NOT EXISTS (
                SELECT FROM %(table)s one WHERE one.id = held.owner
                AND held.word = ANY(regexp_split_to_array(one.%(column)s, {BETWEEN})))
            RETURNING held.word)
        SELECT ARRAY_AGG(DISTINCT gone.word) INTO words FROM gone;
        words := ARRAY(SELECT gone.word FROM unnest(words) gone(word)
            WHERE NOT EXISTS (SELECT FROM %(name)s_whose held WHERE held.word = gone.word));
        places := ARRAY(SELECT ctid FROM %(name)s_lexicon WHERE word = ANY(words) FOR UPDATE SKIP LOCKED);
        DELETE FROM %(name)s_lexicon known WHERE known.ctid = ANY(places)
            AND NOT EXISTS (SELECT FROM %(name)s_whose held WHERE held.word = known.word);
    END IF;
    RETURN NULL;
END
$kept$;
CREATE TRIGGER %(name)s_added AFTER INSERT ON %(table)s REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_kept();
CREATE TRIGGER %(name)s_changed AFTER UPDATE OF %(column)s ON %(table)s
    FOR EACH ROW WHEN (OLD.%(column)s IS DISTINCT FROM NEW.%(column)s) EXECUTE FUNCTION %(name)s_kept();
CREATE TRIGGER %(name)s_deleted AFTER DELETE ON %(table)s REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_kept();
CREATE TRIGGER %(name)s_emptied AFTER TRUNCATE ON %(table)s
    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s_kept();
"""  # noqa: S608

_NO_WORDS = """
DROP FUNCTION %(name)s_kept() CASCADE;
DROP TABLE %(name)s_whose, %(name)s_lexicon;
"""
