"""Who reviews what, without a database: balanced, capped, never in conflict, the same answer every time.

Each item takes the least loaded of those who may review it, the item with the fewest such reviewers first.
Where that leaves one short although somebody still has room, reviewers are moved along a chain (an augmenting
path, as in bipartite matching), so that an item stays short only when no arrangement of the free hands could
serve it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Pair = tuple[int, int]  # (item, reviewer)


@dataclass(frozen=True)
class Short:
    """An item that lacks reviewers: how many, and how many of all were out for which reason."""

    missing: int
    conflict: int
    declined: int
    full: int


@dataclass
class Plan:
    """pairs: whom to ask for what, in a fixed order; short: item -> why it still lacks somebody."""

    pairs: list[Pair] = field(default_factory=list)
    short: dict[int, Short] = field(default_factory=dict)


def match(
    items: Iterable[int],
    caps: Mapping[int, int | None],
    *,
    wanted: int,
    held: Iterable[Pair] = (),
    blocked: Iterable[Pair] = (),
    declined: Iterable[Pair] = (),
) -> Plan:
    """Add reviewers to `items` until each has `wanted`, on top of what is `held`.

    caps      reviewer -> most reviews in all, or none for no limit
    held      assigned already; these stay as they are
    blocked   in conflict; declined: said no, or was taken back. Neither is asked
    """
    order = sorted(set(items))
    people = sorted(caps)
    kept = set(held)
    conflict, refused = set(blocked), set(declined)
    barred = kept | conflict | refused
    may = {item: [p for p in people if (item, p) not in barred] for item in order}
    load = Counter(person for _item, person in kept)
    served = Counter(item for item, _person in kept)
    given: dict[int, list[int]] = {item: [] for item in order}
    need = {item: max(0, wanted - served[item]) for item in order}

    def room(person: int) -> bool:
        cap = caps[person]
        return cap is None or load[person] < cap

    def take(item: int, person: int) -> None:
        given[item].append(person)
        load[person] += 1

    # One reviewer for every item before anybody gets a second one: a shortage is spread, not piled up.
    for turn in range(max(need.values(), default=0)):
        for item in sorted(order, key=lambda item: (len(may[item]), item)):
            if need[item] > turn:
                free = [p for p in may[item] if room(p) and p not in given[item]]
                if free:
                    take(item, min(free, key=lambda p: (load[p], p)))
    for item in order:
        while len(given[item]) < need[item] and _augment(item, may, given, load, room):
            pass
    plan = Plan(pairs=[(item, p) for item in order for p in sorted(given[item])])
    for item in order:
        if missing := need[item] - len(given[item]):
            out = [p for p in people if (item, p) not in kept and p not in given[item]]
            plan.short[item] = Short(
                missing,
                conflict=sum((item, p) in conflict for p in out),
                declined=sum((item, p) in refused and (item, p) not in conflict for p in out),
                full=sum(p in may[item] for p in out),
            )
    return plan


def _augment(
    item: int,
    may: Mapping[int, list[int]],
    given: dict[int, list[int]],
    load: Counter[int],
    room: Callable[[int], bool],
) -> bool:
    """Give `item` one more reviewer by handing others' new reviews on to somebody with room."""
    seen: set[int] = set()

    def reach(wants: int) -> bool:
        for person in may[wants]:
            if person in seen or person in given[wants]:
                continue
            seen.add(person)
            if room(person):
                given[wants].append(person)
                load[person] += 1
                return True
            for other in sorted(given):
                if other != wants and person in given[other]:
                    given[other].remove(person)
                    load[person] -= 1
                    if reach(other):
                        given[wants].append(person)
                        load[person] += 1
                        return True
                    given[other].append(person)
                    load[person] += 1
        return False

    return reach(item)
