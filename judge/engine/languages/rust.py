"""Rust 2021 by rustc, standard library only: no crates."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
use std::io::{self, Read};

fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_whitespace();

    if let Some(word) = words.next() {
        println!("{word}");
    }
}
"""

LANGUAGE = Language(
    label="Rust 2021",
    filename="solution.rs",
    compile=Command(argv=("/usr/bin/rustc", "--edition=2021", "-O", "-o", "solution", "solution.rs")),
    artifacts=("solution",),
    run=Command(argv=("/work/solution",)),
    packages=("rustc",),
    version=("/usr/bin/rustc", "--version"),
    image_mb=410,
    example=Example(
        "use std::io::Read;\n\nfn main() {\n    let mut text = String::new();\n"
        "    std::io::stdin().read_to_string(&mut text).unwrap();\n"
        "    let sum: i64 = text.split_whitespace().map(|word| word.parse::<i64>().unwrap()).sum();\n"
        '    println!("{sum}");\n}\n',
        "1 2\n",
        "3\n",
    ),
    editor="rust",
    template=TEMPLATE,
)
