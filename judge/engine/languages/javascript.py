"""JavaScript by Node.js. Standard input is `fs.readFileSync(0)` or `readline`."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
const lines = require("fs").readFileSync(0, "utf8").split("\\n");

const [n] = lines[0].split(" ").map(Number);

console.log(n);
"""

LANGUAGE = Language(
    label="JavaScript (Node.js)",
    filename="solution.js",
    run=Command(
        # The stack in KiB, well within the memory limit of most problems: deep recursion works, endless recursion
        # still ends with an error that names its line.
        argv=("/usr/bin/node", "--stack-size=65500", "--max-old-space-size={memory_mb}", "solution.js"),
    ),
    packages=("nodejs",),
    version=("/usr/bin/node", "--version"),
    image_mb=56,
    example=Example(
        'const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);\nconsole.log(a + b);\n',
        "1 2\n",
        "3\n",
    ),
    editor="javascript",
    template=TEMPLATE,
)
