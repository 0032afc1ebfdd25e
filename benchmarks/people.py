# ruff: noqa: E501, SIM905  (SQL reads better in long lines)
"""The students of a benchmarked portal, with accounts, names and studies."""

from dataclasses import dataclass

from benchmarks.few import UNIVERSITIES
from benchmarks.inserting import insert, run, sequence
from partnerships.accounts.models import User
from partnerships.common.text import fold, sort_key
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person, Study
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

GIVEN = (
    "Aygün Nigar Leyla Günel Aytən Sevinc Xəyalə Nərmin Ülviyyə Fidan Kənan Elnur Orxan Rəşad Tural Samir "
    "Cavid İlqar Rauf Tofiq Əli Vüqar Şahin Çingiz Murad Emin Fərid Anar Zaur İsmayıl"
).split()
FAMILY = (
    "Məmmədov Əliyev Həsənov Hüseynov Quliyev Rəhimov Abbasov Kərimov Səfərov İbrahimov Mustafayev Babayev "
    "Rzayev Nəsirov Vəliyev Cəfərov Əhmədov İsmayılov Süleymanov Qasımov Bayramov Şükürov Hacıyev Məlikov "
    "Orucov Tağıyev Yusifov Zeynalov Ağayev Axundov Bağırov Dadaşov Eyvazov Fərzəliyev Göyüşov Xəlilov "
    "Kazımov Lətifov Mehdiyev Nağıyev Ömərov Paşayev Ramazanov Sadıqov Talıbov Ümidov Vahabov Yaqubov "
    "Zamanov Şərifov Çobanov Əsgərov Ələkbərov Allahverdiyev Bədəlov Cabbarov Dəmirov Həmidov İskəndərov"
).split()


TIED = (
    "tied@bench.example"  # in human resources, and lectures at the largest university: kept apart from many
)


@dataclass
class World:
    cast: Cast
    students: int
    student: User  # at AzTU, with ten applications
    first: int  # key of the application before the first that was written here

    def user(self, who: str) -> User:
        """One of the cast by name, "one" of the many students, "tied" in a conflict of interest."""
        if who == "tied":
            return User.objects.get(email=TIED)
        return self.student if who == "one" else self.cast.user(who)


def people(cast: Cast, count: int) -> World:
    """Students with account, verified studies; one in five at AzTU, the rest evenly. w_student: who is where."""
    run("CREATE TEMP TABLE w_given (i int PRIMARY KEY, name text, folded text, sorted text)")
    run("CREATE TEMP TABLE w_family (i int PRIMARY KEY, name text, folded text, sorted text)")
    for table, names in (("w_given", GIVEN), ("w_family", FAMILY)):
        for i, name in enumerate(names):
            run(f"INSERT INTO {table} VALUES (%s, %s, %s, %s)", i, name, fold(name), sort_key(name))
    user, person, held = sequence(User), sequence(Person), sequence(Affiliation)
    run(
        f"""CREATE TEMP TABLE w_student AS
        SELECT n, {user} + n AS account, {person} + n AS person, {held} + n AS held, w_place.*,
               g.name AS given, f.name AS family, g.folded || ' ' || f.folded AS folded,
               f.sorted || ' ' || g.sorted AS sorted, 't' || n || '@s.example' AS email
        FROM generate_series(1, {count}) n
        JOIN w_place ON i = CASE WHEN n % 5 = 0 THEN 0 ELSE n % {UNIVERSITIES} END
        JOIN w_given g ON g.i = n % {len(GIVEN)}
        JOIN w_family f ON f.i = (n / {len(GIVEN)} + n) % {len(FAMILY)}"""
    )
    run("CREATE UNIQUE INDEX ON w_student (n)")
    run("ANALYZE w_student")
    source = "FROM w_student s"
    insert(
        User,
        source,
        id="account",
        email="email",
        password="'!'",
        language="CASE WHEN n % 7 = 0 THEN 'en' ELSE 'az' END",
    )
    insert(
        User.emailaddress_set.rel.related_model, source,
        user_id="account", email="email", verified="true", primary="true",
    )  # fmt: skip
    insert(
        Person, source, id="person", user_id="account", given_name="given", family_name="family", email="email",
        folded="folded || ' ' || split_part(folded, ' ', 1) || ' ' || email", sort_key="sorted",
    )  # fmt: skip
    insert(
        Affiliation, source, id="held", person_id="person", organization_id="unit",
        role=f"'{Role.STUDENT}'", starts="date '2023-09-15'", state="'verified'",
    )  # fmt: skip
    specialty = make.specialty()
    insert(
        Study,
        source,
        affiliation_id="held",
        specialty_id=str(specialty.pk),
        year="1 + n % 4",
        gpa="60 + n % 40",
    )
    for model in (User, Person, Affiliation):
        sequence(model, settle=True)
    student = User.objects.get(email="t5@s.example")
    return World(cast, count, student, 0)
