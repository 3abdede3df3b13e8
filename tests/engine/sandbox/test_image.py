"""What the image's labels say."""

import pytest

from judge.engine.errors import UnknownLanguage
from judge.engine.languages import all_languages
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.sandbox.image import LANGUAGES_LABEL, versions_in


@pytest.mark.parametrize("text", ["", "python3,cpp17", "[]", "7"])
def test_a_label_of_another_kind_says_nothing(text):
    assert versions_in({LANGUAGES_LABEL: text}) == {}


@pytest.mark.parametrize("labels", [None, {}, {"other": "x"}])
def test_no_label_says_nothing(labels):
    assert versions_in(labels) == {}


def test_languages_come_with_their_versions():
    assert versions_in({LANGUAGES_LABEL: '{"python3": "Python 3.0"}'}) == {"python3": "Python 3.0"}


@pytest.mark.docker
def test_the_image_has_every_language(sandbox: DockerSandbox):
    assert set(sandbox.languages) == set(all_languages())


@pytest.mark.docker
def test_the_version_of_a_language_that_the_image_lacks(sandbox: DockerSandbox, monkeypatch):
    monkeypatch.setattr(sandbox, "languages", {})
    with pytest.raises(UnknownLanguage, match="has no Ruby; rebuild"):
        sandbox.version_of("ruby")


@pytest.mark.docker
def test_an_alias_has_its_languages_version(sandbox: DockerSandbox):
    assert sandbox.version_of("cpp") == sandbox.version_of("cpp17")
