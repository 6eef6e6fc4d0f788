"""Runs a command on a pseudo-terminal: waits for texts, types answers, and prints what was seen and the exit code.

terminal.py STEPS COMMAND [ARG ...]   STEPS: [{"wait": TEXT, "send": TEXT}, ...] as JSON
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))

seen = b""
deadline = time.monotonic() + 45
while time.monotonic() < deadline:
    if steps and steps[0]["wait"].encode() in seen:
        os.write(terminal, steps.pop(0)["send"].encode())
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # EIO: the other side has closed
        break
    if not chunk:
        break
    seen += chunk
else:
    os.kill(pid, 9)

code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({"seen": seen.decode(errors="replace"), "code": code, "unsent": len(steps)}))
