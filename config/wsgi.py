"""The door for gunicorn. Loads the model before the workers are forked, so that they share it."""

import os

from django.core.wsgi import get_wsgi_application

from config import database
from evidence import encoder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
database.hold()
application = get_wsgi_application()
encoder.warm()
