"""Runs a server that dies with the test run that started it: serve.py MODULE-OR-SCRIPT

Standard input is a pipe held by the test run. It ends when that process is gone, even by SIGKILL,
and then the server's folder is removed and its process group killed.
"""

import os
import runpy
import shutil
import signal
import sys
import threading


def die_with_parent():
    os.read(0, 1)
    shutil.rmtree(os.environ["SERVER_FOLDER"], ignore_errors=True)
    os.killpg(os.getpid(), signal.SIGKILL)


threading.Thread(target=die_with_parent, daemon=True).start()
target = sys.argv.pop(1)
run = runpy.run_path if target.endswith(".py") else runpy.run_module
run(target, run_name="__main__")
