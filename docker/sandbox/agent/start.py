"""Process 1 of a sandbox container. Python submissions run at the end of this file, at module level.

Nothing but the import and the call may stand between the interpreter and the submission: every frame here is one that a
submission could count.
"""

import os

import init

become = None
try:
    init.main()
except init.Become as wish:
    become = wish.start
    init.kept = wish  # taking the agent's frames apart would cost more than many a program does

if become is None:
    os._exit(0)  # there is nothing to finalise
run, finish = become()  # returns for Python programs only
failure = None
try:
    run()
except BaseException as error:  # noqa: BLE001 - whatever a submission raises ends it as it would end `python3`
    failure = error.with_traceback(error.__traceback__.tb_next)
finish(failure)  # outside the handler: hooks and exit functions find no exception being handled
