"""Go by its own compiler, standard library only. The library is compiled at image build, never for a submission."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()

	var n int
	fmt.Fscan(in, &n)

	fmt.Fprintln(out, n)
}
"""

LANGUAGE = Language(
    label="Go",
    filename="solution.go",
    compile=Command(argv=("/usr/bin/go", "build", "-o", "solution", "solution.go"), env=(("GO111MODULE", "off"),)),
    artifacts=("solution",),
    # Two threads of Go code at most, on any host; the collector works harder before the memory limit is met.
    run=Command(argv=("/work/solution",), env=(("GOMAXPROCS", "2"), ("GOMEMLIMIT", "{memory_mb}MiB"))),
    packages=("golang-go",),
    version=("/usr/bin/go", "version"),
    leave_out=(
        "/usr/share/go-1.*/test/*",
        "/usr/share/go-1.*/api/*",
        "/usr/share/go-1.*/src/cmd/*",
        *(
            f"/usr/lib/go-1.*/pkg/tool/*/{name}"
            for name in ("cover", "dist", "doc", "fix", "objdump", "pprof", "trace", "vet")
        ),
    ),
    image_mb=370,
    example=Example(
        'package main\n\nimport "fmt"\n\nfunc main() {\n\tvar a, b int\n\tfmt.Scan(&a, &b)\n\tfmt.Println(a + b)\n}\n',
        "1 2\n",
        "3\n",
    ),
    editor="go",
    template=TEMPLATE,
)
