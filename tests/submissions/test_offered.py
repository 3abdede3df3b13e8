"""Which languages the site offers, and the page that tells of them."""

import pytest

from judge.engine.languages import all_languages
from judge.submissions import offered
from judge.submissions.forms import SubmissionForm
from judge.submissions.submitting import SubmitRefused, submit


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """An empty cache, and nothing kept of another's."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test_offered"}
    }
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    offered.tell({})
    yield
    offered.tell({})


def test_nothing_told_means_all():
    assert offered.available_languages() == all_languages()


def test_a_cache_that_fails_means_all(settings):
    offered.tell({"python3": "Python 3.0"})
    nowhere = "unix:///nowhere/cache.sock"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nowhere}}
    offered.tell({"ruby": "ruby 1.0"})
    assert offered.available_languages() == all_languages()


def test_what_the_image_lacks_is_not_offered():
    offered.tell({"python3": "Python 3.0"})
    assert list(offered.available_languages()) == ["python3"]
    assert SubmissionForm().fields["language"].choices == [("python3", "Python 3")]


@pytest.mark.django_db
def test_what_the_image_lacks_is_not_taken(make_user, make_problem):
    offered.tell({"python3": "Python 3.0"})
    with pytest.raises(SubmitRefused, match="no such language"):
        submit(make_user(), make_problem(), "ruby", "puts 1")


@pytest.mark.django_db
def test_the_page_shows_what_the_image_has(client):
    offered.tell({"java": "openjdk 17.0.0", "python3": "Python 3.0"})
    page = client.get("/languages/").content.decode()
    assert "openjdk 17.0.0" in page
    assert "Main.java" in page
    assert "MaxRAM=256m" in page
    assert "1.5 \N{MULTIPLICATION SIGN} the problem" in page
    assert "Python 3.0" in page
    assert "Ruby" not in page


@pytest.mark.django_db
def test_every_page_leads_to_the_languages(client):
    assert 'href="/languages/"' in client.get("/problems/").content.decode()
