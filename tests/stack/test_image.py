"""What the sandbox image is built from."""

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


def test_each_language_has_a_layer_of_its_own():
    recipe = image.dockerfile(all_languages())
    for key, language in all_languages().items():
        layer = recipe.split(f"# {key}: {language.label}\n")[1].split("\n# ")[0]
        assert all(f" {package} " in layer for package in language.packages)


def test_the_hash_follows_the_recipe():
    assert image.digest("FROM a") != image.digest("FROM b")
