"""Java 17 by OpenJDK. The public class is called `Main`, as on most judges.

Time is stretched by half: a virtual machine that starts and compiles while it runs costs CPU time that says nothing
about the program. The heap is a share of the memory limit: the collector works before the limit ends the program.
"""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

# One processor: one collector and few compiler threads, whose work would count as the program's. The first compiler
# alone takes half the CPU time of both in runs of tenths of a second, and up to a quarter more in runs of seconds.
_MACHINE = (
    "-XX:+UseSerialGC",
    "-XX:ActiveProcessorCount=1",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Xshare:auto",
)

TEMPLATE = """\
import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer words = new StringTokenizer(Objects.toString(in.readLine(), ""));

        while (words.hasMoreTokens()) {
            System.out.println(words.nextToken());
        }
    }
}
"""

LANGUAGE = Language(
    label="Java 17 (OpenJDK)",
    filename="Main.java",
    compile=Command(
        argv=(
            "/usr/bin/javac",
            *(f"-J{flag}" for flag in _MACHINE),
            "-encoding",
            "UTF-8",
            "-nowarn",
            "-d",
            "classes",
            "Main.java",
        )
    ),
    artifacts=("classes",),
    run=Command(
        argv=(
            "/usr/bin/java",
            *_MACHINE,
            "-XX:MaxRAM={memory_mb}m",
            "-XX:MaxRAMPercentage=75",
            "-Xss64m",
            "-Dfile.encoding=UTF-8",
            "-cp",
            "/work/classes",
            "Main",
        )
    ),
    packages=("openjdk-17-jdk-headless",),
    version=("/usr/bin/java", "--version"),
    leave_out=("/usr/lib/jvm/*/jmods/*",),
    image_mb=200,
    example=Example(
        "import java.util.Scanner;\n\npublic class Main {\n    public static void main(String[] args) {\n"
        "        Scanner in = new Scanner(System.in);\n"
        "        System.out.println(in.nextLong() + in.nextLong());\n    }\n}\n",
        "1 2\n",
        "3\n",
    ),
    time_factor=1.5,
    editor="java",
    template=TEMPLATE,
)
