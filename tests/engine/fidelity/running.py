# ruff: noqa: E501 - a program a line is easier to look through
r"""Programs about what runs below and beside a script: recursion, threads, processes. name -> source, or (source, stdin)."""

PROGRAMS = {
    "depth_reached": """
def f(n):
    global depth
    depth = n
    f(n + 1)
try: f(1)
except RecursionError as error: print(depth, error)
""",
    "depth_after_setting": """
import sys
sys.setrecursionlimit(300)
def f(n):
    global depth
    depth = n
    f(n + 1)
try: f(1)
except RecursionError as error: print(depth, error)
""",
    "depth_left_at_the_limit": "import sys\nsys.setrecursionlimit(120)\ndef f(n): return n if n == 0 else f(n - 1)\nprint(f(117))\nprint(f(118))\nprint(f(119))",
    "recursion_error": "def f(n): return f(n + 1) + 1\nf(0)",
    "recursion_error_in_repr": "a = []\nfor _ in range(100000): a = [a]\nprint(len(repr(a)))",
    "recursion_through_c": "from functools import lru_cache\n@lru_cache(None)\ndef f(n): return 0 if n == 0 else f(n - 1) + 1\nprint(f(200))\nprint(f(5000))",
    "setrecursionlimit_bad": "import sys\ntry: sys.setrecursionlimit('x')\nexcept TypeError as e: print(e)\ntry: sys.setrecursionlimit(0)\nexcept ValueError as e: print(e)\ntry: sys.setrecursionlimit(10 ** 10)\nexcept OverflowError as e: print(e)",
    "setrecursionlimit_huge": "import sys\nsys.setrecursionlimit(2 ** 31 - 1)\nprint(sys.getrecursionlimit())\ndef f(n): return n if n == 0 else f(n - 1)\nprint(f(3000))",
    "deep_on_main_thread": "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(10 ** 5))",
    "deep_in_c_on_main_thread": "import sys\nsys.setrecursionlimit(10 ** 6)\nfrom functools import lru_cache\n@lru_cache(None)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(60000))",
    "deep_on_thread": """
import sys, threading
sys.setrecursionlimit(10 ** 6)
threading.stack_size(128 << 20)
def f(n): return 0 if n == 0 else 1 + f(n - 1)
def main(): print(f(10 ** 5))
thread = threading.Thread(target=main)
thread.start()
thread.join()
""",
    "depth_on_thread": """
import threading
def f(n):
    global depth
    depth = n
    f(n + 1)
def main():
    try: f(1)
    except RecursionError as error: print(depth, error)
thread = threading.Thread(target=main)
thread.start()
thread.join()
""",
    "thread_outlives_main": "import threading, time\ndef f():\n    time.sleep(0.05)\n    print('thread')\nthreading.Thread(target=f).start()\nprint('main')",
    "thread_daemon": "import threading, time\ndef f():\n    time.sleep(5)\n    print('never')\nthreading.Thread(target=f, daemon=True).start()\nprint('main')",
    "thread_error": "import threading\ndef f(): 1/0\nt = threading.Thread(target=f)\nt.start()\nt.join()\nprint('main')",
    "thread_exit": "import threading, sys\nt = threading.Thread(target=sys.exit, args=(3,))\nt.start()\nt.join()\nprint('main')",
    "thread_names": "import threading\nprint(threading.main_thread().name, threading.current_thread() is threading.main_thread())\nt = threading.Thread(target=print)\nprint(t.name, threading.get_ident() == threading.main_thread().ident)\nt.start(); t.join()",
    "thread_and_error_in_main": "import threading, time\ndef f():\n    time.sleep(0.05)\n    print('thread')\nthreading.Thread(target=f).start()\n1/0",
    "thread_starts_thread_at_exit": "import threading, atexit\natexit.register(lambda: (print('atexit'), threading.Thread(target=print, args=('late',)).start()))\nthreading.Thread(target=print, args=('t',)).start()",
    "thread_local_and_locks": "import threading, queue\nq = queue.Queue()\nt = [threading.Thread(target=lambda i=i: q.put(i * i)) for i in range(5)]\n[x.start() for x in t]\n[x.join() for x in t]\nprint(sorted(q.queue))",
    "thread_pool": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool: print(list(pool.map(abs, range(-5, 5))))",
    "thread_pool_not_shut": "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\npool.submit(print, 'done')",
    "process_pool": "from concurrent.futures import ProcessPoolExecutor\ndef f(x): return x * x\nif __name__ == '__main__':\n    with ProcessPoolExecutor(2) as pool: print(list(pool.map(f, range(5))))",
    "multiprocessing_pool": "import multiprocessing as mp\ndef f(x): return x * x\nif __name__ == '__main__':\n    with mp.Pool(2) as pool: print(pool.map(f, range(5)))\n    print(mp.current_process().name, mp.get_start_method())",
    "multiprocessing_process": "from multiprocessing import Process, Queue\ndef f(q): q.put(__name__)\nif __name__ == '__main__':\n    q = Queue()\n    p = Process(target=f, args=(q,))\n    p.start()\n    print(q.get())\n    p.join()\n    print(p.exitcode, p.name)",
    "multiprocessing_not_joined": "from multiprocessing import Process\nimport time\ndef f():\n    time.sleep(0.05)\n    print('child', flush=True)\nif __name__ == '__main__':\n    Process(target=f).start()\n    print('parent', flush=True)",
    "multiprocessing_error": "from multiprocessing import Process\ndef f(): raise ValueError('in child')\nif __name__ == '__main__':\n    p = Process(target=f)\n    p.start()\n    p.join()\n    print(p.exitcode)",
    "multiprocessing_spawn": "import multiprocessing as mp\nprint('loaded as', __name__, flush=True)\ndef f(x): return x + 1\nif __name__ == '__main__':\n    with mp.get_context('spawn').Pool(1) as pool: print(pool.map(f, [1, 2]))",
    "multiprocessing_forkserver": "import multiprocessing as mp\ndef f(x): return x + 1\nif __name__ == '__main__':\n    with mp.get_context('forkserver').Pool(1) as pool: print(pool.map(f, [1, 2]))",
    "shared_memory": "from multiprocessing import shared_memory\ns = shared_memory.SharedMemory(create=True, size=100)\ns.buf[0] = 7\nprint(s.buf[0])\ns.close()\ns.unlink()",
    "subprocess_of_itself": "import subprocess, sys\nif len(sys.argv) > 1: print('inner', sys.argv)\nelse: print(subprocess.run([sys.executable, __file__, 'x'], capture_output=True, text=True).stdout)",
    "subprocess_inherits": "import subprocess, sys\nprint('first', flush=True)\nprint(subprocess.call([sys.executable, '-c', 'import sys; print(sys.stdin.read()); sys.exit(4)']))",
    "os_system": "import os\nprint(os.system('echo shell; exit 3') >> 8)",
    "fork_both_end": "import os\npid = os.fork()\nif pid == 0:\n    print('child')\nelse:\n    os.waitpid(pid, 0)\n    print('parent')",
    "fork_buffer_twice": "import os\nprint('buffered')\nif os.fork(): os.wait()",
    "fork_child_fails": "import os\npid = os.fork()\nif pid == 0: raise ValueError('child')\nprint(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))",
    "fork_atexit_in_both": "import atexit, os\natexit.register(lambda: print('bye'))\npid = os.fork()\nif pid: os.waitpid(pid, 0)",
    "fork_and_random": "import os, random\nr, w = os.pipe()\nif os.fork() == 0:\n    os.write(w, str(random.random()).encode())\n    os._exit(0)\nos.wait()\nprint(os.read(r, 100) != str(random.random()).encode())",
    "execv_itself": "import os, sys\nif len(sys.argv) == 1:\n    os.execv(sys.executable, [sys.executable, 'solution.py', 'again'])\nprint(sys.argv)",
    "wait_without_children": "import os\ntry: print(os.wait())\nexcept ChildProcessError as error: print(error)",
    "parent_and_group": "import os\nprint(os.getpgrp() == os.getpid(), os.getppid() > 0, os.nice(0), os.sched_getscheduler(0))",
    "asyncio_run": "import asyncio\nasync def f(x):\n    await asyncio.sleep(0.01 * x)\n    print(x)\nasync def main(): await asyncio.gather(*map(f, (3, 1, 2)))\nasyncio.run(main())",
    "asyncio_unfinished": "import asyncio\nasync def f():\n    try: await asyncio.sleep(100)\n    finally: print('cancelled')\nasync def main():\n    asyncio.create_task(f())\n    await asyncio.sleep(0)\nasyncio.run(main())",
    "asyncio_not_awaited": "async def f(): pass\nf()\nprint('end')",
    "asyncio_subprocess": "import asyncio\nasync def main():\n    p = await asyncio.create_subprocess_exec('/bin/echo', 'x', stdout=-1)\n    print(await p.communicate())\nasyncio.run(main())",
    "asyncio_streams": (
        "import asyncio, sys\nasync def main():\n    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)\n    print(line)\nasyncio.run(main())",
        b"line\nrest\n",
    ),
    "random_seeded": "import random\nrandom.seed(5)\nprint(random.random(), random.sample(range(100), 5), random.Random('x').getrandbits(70))",
    "numpy_seeded": "import numpy as np\nnp.random.seed(5)\nprint(np.random.rand(3), np.random.default_rng(7).integers(0, 100, 5), np.random.permutation(5))",
    "numpy_error": "import numpy as np\nnp.zeros(3) + np.zeros(4)",
    "numpy_warning": "import numpy as np\nprint(np.array([1.0]) / 0, np.int32(2**31 - 1) + np.int32(1))",
    "numpy_input": (
        "import sys\nimport numpy as np\nprint(np.array(sys.stdin.read().split(), dtype=np.int64).sum(), np.fromstring('1 2', sep=' '))",
        b"1 2 3\n4\n",
    ),
    "pandas": "import pandas as pd\nprint(pd.DataFrame({'a': [1, 2, 2]}).groupby('a').size(), pd.__version__)",
    "scipy": "from scipy.optimize import linprog\nfrom scipy.sparse.csgraph import dijkstra\nimport scipy.stats\nprint(linprog([1, 1], bounds=[(1, None)] * 2).fun, dijkstra([[0, 1], [1, 0]]), scipy.stats.norm.cdf(0))",
    "sympy": "from sympy import symbols, factor, isprime\nx = symbols('x')\nprint(factor(x ** 2 - 1), isprime(10 ** 9 + 7))",
    "networkx": "import networkx as nx\nprint(nx.shortest_path(nx.path_graph(5), 0, 4))",
    "sortedcontainers": "from sortedcontainers import SortedList\nprint(SortedList([3, 1, 2]).bisect(2))",
    "sklearn": "from sklearn.linear_model import LinearRegression\nprint(LinearRegression().fit([[0], [1]], [0, 2]).coef_.round(3))",
    "matplotlib": "import matplotlib.pyplot as plt, os\nprint(plt.get_backend(), plt.plot([1, 2])[0].get_xdata())",
    "logging": "import logging\nlogging.basicConfig(format='%(levelname)s %(name)s %(filename)s:%(lineno)d %(funcName)s %(message)s')\nlogging.warning('x %d', 3)\nlogging.getLogger('a.b').error('y')",
    "unittest_main": "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertEqual(1, 1)\n    def test_b(self): self.assertEqual(1, 2)\nprint(unittest.main(exit=False, testRunner=type('R', (), {'run': lambda self, t: unittest.TestResult() or t(r := unittest.TestResult()) or r})).result)",
    "doctest": "def f():\n    '''\n    >>> f()\n    4\n    '''\n    return 3\nimport doctest\nprint(doctest.testmod())",
    "argparse": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, required=True)\np.parse_args()",
    "contextvars_and_decimal": "from decimal import Decimal, getcontext\ngetcontext().prec = 5\nprint(Decimal(1) / 3, getcontext())",
    "timing": "import time\nprint(time.process_time() < 1, time.perf_counter() > 0, time.tzname)",
    "gc_settings": "import gc\ngc.disable()\ngc.collect()\nprint(gc.garbage, gc.isenabled(), gc.get_freeze_count())",
    "memory_cycle_collected": "import gc, weakref\nclass C: pass\nc = C()\nc.me = c\nr = weakref.ref(c)\ndel c\ngc.collect()\nprint(r())",
    "big_integers": "print(len(str(3 ** 20000)), int('9' * 5000) % 7)",
    "tempfile_use": "import tempfile, os\nwith tempfile.TemporaryDirectory() as d: print(os.path.dirname(d))\nwith tempfile.NamedTemporaryFile() as f: print(f.write(b'x'))",
    "exec_and_eval": "n = {}\nexec('def f(): return __name__', n)\nprint(eval('__name__'), sorted(n)[0])\ntry: print(n['f']())\nexcept Exception as e: print(repr(e))\nprint(eval('x', {'x': 1}), [eval('i') for i in range(2)])",
    "type_alias_module": "import typing\nT = typing.TypeVar('T')\nclass Box(typing.Generic[T]): pass\nprint(Box[int], T, Box.__module__, typing.NewType('N', int).__module__)",
    "ctypes": "import ctypes\nprint(ctypes.CDLL(None).abs(-3))",
    "sqlite": "import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 1 + 1').fetchone())",
}
