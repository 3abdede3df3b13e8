"""The Celery application, its queues and its clock.

Start a worker that judges with `celery -A judge.celery worker --pool threads -Q interactive,runs,batch`; one that
imports, which a single one at low priority can do, with `celery -A judge.celery worker --pool threads -c 1
-Q imports -n imports@%h`; and, once a site, the clock with `celery -A judge.celery beat`.
"""

import os

from celery import Celery
from kombu.exceptions import ChannelError, OperationalError

RUNS = "runs"
JUDGING = ("interactive", RUNS, "batch")
IMPORTS = "imports"
# A message that could not be sent or counted for these reasons is sent by a sweep.
BROKER_ERRORS = (OperationalError, OSError)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

app = Celery("judge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["judge.submissions"], related_name="run_tasks")
app.conf.beat_schedule = {
    "sweep": {
        "task": "judge.submissions.tasks.sweep",
        "schedule": 2.0,
        # Sweeps that pile up while all workers are busy are worth no more than one.
        "options": {"queue": "interactive", "priority": 0, "expires": 10},
    },
    "sweep_runs": {
        "task": "judge.submissions.run_tasks.sweep_runs",
        "schedule": 5.0,
        "options": {"queue": "interactive", "priority": 0, "expires": 10},
    },
    "sweep_imports": {
        "task": "problems.tasks.sweep",
        "schedule": 10.0,
        # Not in the imports' own queue, where an import may be at work for an hour.
        "options": {"queue": "interactive", "priority": 0, "expires": 10},
    },
    "settle_standing": {
        "task": "judge.community.tasks.settle",
        "schedule": 10.0,
        "options": {"queue": "interactive", "priority": 0, "expires": 10},
    },
}


def messages(queue: str) -> int:
    """How many messages wait in ``queue``. Raises what the broker's client raises where it does not answer."""
    with app.connection_for_write() as broker:
        try:
            return int(broker.default_channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            # The broker knows no such queue: an empty one does not exist in Redis and Valkey.
            return 0
