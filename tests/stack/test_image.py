"""What the sandbox image is built from."""

import re

import pytest

from judge.engine.languages import all_languages
from judge.stack import image
from judge.stack.say import Stop


def test_an_unknown_language_is_refused_with_those_that_are_there():
    with pytest.raises(Stop, match=r"names cobol, b; there are: .*python3"):
        image.choose("python3,cobol, b")


def test_no_choice_means_all_languages():
    assert image.choose("") == all_languages()


def test_a_choice_leaves_the_others_packages_out():
    recipe = image.dockerfile(image.choose("python3"))
    assert "python3-numpy" in recipe
    assert "g++" not in recipe


def test_every_language_is_installed_and_none_twice():
    recipe = image.dockerfile(all_languages())
    installed = " ".join(re.findall("(?m)^    && .* install -y --no-install-recommends (.*) ", recipe)).split()
    for language in all_languages().values():
        assert set(language.packages) <= set(installed)
    added = [package for package in installed if package != "python3"]
    assert len(added) == len(set(added))


def test_the_largest_layers_lie_lowest():
    recipe = image.dockerfile(all_languages())
    sizes = [all_languages()[key].image_mb for key in re.findall(r"(?m)^# (\w+): ", recipe) if key in all_languages()]
    assert sizes == sorted(sizes, reverse=True)


def test_what_no_submission_needs_is_left_out_before_the_packages_come():
    recipe = image.dockerfile({"java": all_languages()["java"]})
    assert recipe.index("'/usr/lib/jvm/*/jmods/*' > /etc/dpkg") < recipe.index("openjdk-17-jdk-headless")


def test_the_hash_follows_the_recipe():
    assert image.digest("FROM a") != image.digest("FROM b")
