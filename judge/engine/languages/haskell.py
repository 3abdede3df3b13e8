"""Haskell by GHC, with the libraries that come with the compiler (base, containers, bytestring, array, text ...)."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
main :: IO ()
main = interact solve

solve :: String -> String
solve input = unlines (take 1 (words input))
"""

LANGUAGE = Language(
    label="Haskell (GHC)",
    filename="solution.hs",
    compile=Command(argv=("/usr/bin/ghc", "-O2", "-v0", "-outputdir", "objects", "-o", "solution", "solution.hs")),
    artifacts=("solution",),
    run=Command(argv=("/work/solution",)),
    packages=("ghc",),
    version=("/usr/bin/ghc", "--version"),
    # The compiler and its builder as libraries: the compiler itself loads their shared forms only.
    leave_out=tuple(
        f"/usr/lib/ghc/{library}-[0-9]*/*.{kind}" for library in ("Cabal", "ghc") for kind in ("a", "hi", "dyn_hi")
    ),
    image_mb=500,
    example=Example("main :: IO ()\nmain = interact (show . sum . map read . words)\n", "1 2\n", "3\n"),
    editor="haskell",
    template=TEMPLATE,
)
