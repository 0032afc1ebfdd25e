"""The collector of memory, in processes that answer many requests."""

import gc


def spare() -> None:
    """What is loaded by now stays for the process's life: the collector need not walk through it again.

    A seventh of the processor's time of a request (docs/drills.md, last_seats). Called once all is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
