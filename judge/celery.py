"""The Celery application and its clock.

Start a worker with `celery -A judge.celery worker --pool threads -Q interactive,batch` and, once a site, the clock with
`celery -A judge.celery beat`.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

app = Celery("judge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {
        "task": "judge.submissions.tasks.sweep",
        "schedule": 2.0,
        # Sweeps that pile up while all workers are busy are worth no more than one.
        "options": {"queue": "interactive", "priority": 0, "expires": 10},
    }
}
