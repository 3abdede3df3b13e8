"""The product's settings with one more page: the empty view that pages are measured against."""

from judge.settings import *  # noqa: F403

ROOT_URLCONF = "pages_urls"
