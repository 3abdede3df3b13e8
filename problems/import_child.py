"""What a worker process of an import does, from its start to its end. Its coordinator is `import_workers.py`.

Nothing of Django may be imported here before it is set up: a spawned process begins with this module.
"""

import signal
from multiprocessing.connection import Connection


def main(coordinator: Connection, database: str, memory: int) -> None:
    """Settle the units that come until the coordinator closes its end.

    The first message is the `Work`, each further one a `Unit`; each answer is what became of the unit: its fates or
    None (see `Settler.settle`), `TOO_LARGE`, or the words of a SourceError. ``memory`` is how many bytes more the
    process may take.
    """
    # The terminal's Ctrl-C reaches the whole group; the coordinator decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from django.db import connection

    # One connection, which no request shares; and a test's database has a name of its own.
    connection.settings_dict["NAME"] = database
    connection.settings_dict["OPTIONS"].pop("pool", None)
    _settle_all(coordinator, memory)
    connection.close()


def _settle_all(coordinator: Connection, memory: int) -> None:
    from problems.import_workers import TOO_LARGE
    from problems.memory import at_most, with_more
    from problems.settling import Settler, settle_or_leave
    from problems.sources import SourceError

    try:
        settler = Settler(coordinator.recv())
        with at_most(with_more(memory)):
            while True:
                unit = coordinator.recv()
                try:
                    fates, is_large = settle_or_leave(settler, unit)
                    answer: object = TOO_LARGE if is_large else fates
                except SourceError as error:
                    answer = str(error)
                del unit
                coordinator.send(answer)
    except (EOFError, ConnectionError):
        return
