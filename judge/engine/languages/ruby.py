"""Ruby, Debian's own, with its standard library. Its default gems are there, RubyGems itself is not loaded."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
words = $stdin.read.split

puts words.first
"""

LANGUAGE = Language(
    label="Ruby",
    filename="solution.rb",
    run=Command(
        argv=("/usr/bin/ruby", "--disable=gems", "solution.rb"), env=(("RUBY_THREAD_VM_STACK_SIZE", str(64 << 20)),)
    ),
    packages=("ruby",),
    version=("/usr/bin/ruby", "--version"),
    image_mb=30,
    example=Example("puts gets.split.map(&:to_i).sum\n", "1 2\n", "3\n"),
    editor="ruby",
    template=TEMPLATE,
)
