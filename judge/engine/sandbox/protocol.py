"""The words that the worker and the agent inside a container exchange over their socket.

This one file is used on both sides: the image build copies it next to the agent. Every message is a header (kind,
length) and a payload. What the worker sends is trusted and is marshalled; what the agent sends may have been reached by
hostile code, so it is fixed structs and raw bytes only, and the worker takes nothing of it on trust but sizes within
the limits it set itself.
"""

import struct

VERSION = 2

HEADER = struct.Struct("!BI")  # kind, payload length in bytes

# From the worker. LOAD and RUN carry a marshalled dict (marshal version 2); one file descriptor may travel with each:
# compiled files with LOAD, the program's standard input with RUN.
LOAD = 1
RUN = 2
END = 3

# From the agent.
HELLO = 65  # HELLO_BODY
LOADED = 66  # LOADED_BODY, compiler output, artifact
RESULT = 67  # RESULT_BODY, stdout, stderr
CLEAN = 68  # CLEAN_BODY

MARSHAL_VERSION = 2

HELLO_BODY = struct.Struct("!H?")  # protocol version, takes file descriptors
# ok, dirty, wall time in us, bytes of output, bytes of artifact
LOADED_BODY = struct.Struct("!??QII")
# ended (verdicts.Ended), dirty, exit code, signal, CPU us, wall us, memory KiB, bytes of stdout, bytes of stderr
RESULT_BODY = struct.Struct("!B?BBQQQII")
CLEAN_BODY = struct.Struct("!?")  # everything of the former session is proved gone

# How a run ended: the values of judge.engine.verdicts.Ended.
EXITED, SIGNALLED, CPU_LIMIT, WALL_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT = range(6)

# How many times its wall limit a run may last where a busy host keeps it from running.
MOST_WALLS = 10

MAX_STDERR = 64 * 1024
MAX_COMPILE_OUTPUT = 64 * 1024
MAX_ARTIFACT = 64 * 1024 * 1024

SOCKET_IN_CONTAINER = "/run/kodjudge/agent.sock"
WORK_DIR = "/work"
