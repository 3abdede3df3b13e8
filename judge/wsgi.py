"""The WSGI application that gunicorn serves. Importing the Celery application here binds the tasks to our broker."""

import os

from django.core.wsgi import get_wsgi_application

from judge.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

application = get_wsgi_application()
__all__ = ["application", "celery_app"]
