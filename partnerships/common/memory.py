"""How much memory one process of a worker may take: a hostile file ends its own job, not the machine."""

import sys


def hold_memory_to(most: int) -> None:
    """From now on this process is refused what goes beyond `most` bytes of its own data: MemoryError there.

    0 sets no limit. Only Linux counts all that a process writes to; elsewhere nothing is limited.
    """
    if not most or sys.platform != "linux":
        return
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
