"""Perl 5, Debian's own, with the modules that come with it."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
use strict;
use warnings;

my @words = split ' ', do { local $/; <STDIN> // '' };

print "$words[0]\\n" if @words;
"""

LANGUAGE = Language(
    label="Perl 5",
    filename="solution.pl",
    run=Command(argv=("/usr/bin/perl", "solution.pl")),
    packages=("perl",),
    version=("/usr/bin/perl", "-e", "print 'Perl ', $^V"),
    image_mb=50,
    example=Example(
        "use strict;\nuse warnings;\n\nmy ($x, $y) = split ' ', <STDIN>;\nprint $x + $y, \"\\n\";\n", "1 2\n", "3\n"
    ),
    editor="perl",
    template=TEMPLATE,
)
