"""Makes a virtual environment once: make_venv.py FOLDER REQUIREMENTS [SCRIPT]

Run by venv.ts with the Python that the environment is for. SCRIPT, if given, runs last, in FOLDER
and with the new environment.

A file lock lets several test runs call this at once: one builds, the others wait. The kernel drops
the lock when its holder dies. "ready" is written last, so a folder without it was cut off half-way
and is made again.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

folder, requirements, scripts = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
ready = folder / "ready"
python = str(folder / "bin" / "python")

lock = open(f"{folder}.lock", "w")


def run(*command):
    # The child holds the lock too: nobody may rebuild while an orphaned pip still writes.
    subprocess.run(command, check=True, cwd=folder, pass_fds=[lock.fileno()])


def make():
    folder.mkdir()
    run(sys.executable, "-m", "venv", str(folder))
    run(python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
        "--requirement", requirements)
    for script in scripts:
        run(python, "-P", script)
    ready.touch()


fcntl.flock(lock, fcntl.LOCK_EX)
if not ready.exists():
    shutil.rmtree(folder, ignore_errors=True)
    try:
        make()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
