"""strace as the hand that makes system calls fail, late, or fatal, in a process that runs already."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from fault import CannotHere

ATTACH_S = 10


def tracer(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("TracerPid:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class Strace:
    """with Strace(world, [pid], "fdatasync,fsync", "error=EIO:when=2"): the calls fail.  hits: how often that happened."""

    def __init__(self, world, pids, calls, how):
        self.world, self.pids, self.calls, self.how = world, pids, calls, how
        self.hits = 0
        self.process = None

    def __enter__(self):
        if shutil.which("strace") is None:
            raise CannotHere("strace is not installed")
        handle, self.log = tempfile.mkstemp(prefix="strace-", dir=self.world.folder)
        os.close(handle)
        command = ["strace", "-f", "-qq", "-o", self.log, "-e", f"trace={self.calls}", "-e", f"inject={self.calls}:{self.how}"]
        for pid in self.pids:
            command += ["-p", str(pid)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        self.world.keeper.pid(self.process.pid)
        until = time.monotonic() + ATTACH_S
        ended = False
        while not self.attached():
            if ended or time.monotonic() > until:
                said = self.stop() or "no answer"
                raise CannotHere("strace may not attach here: " + said.strip().splitlines()[-1])
            ended = self.process.poll() is not None  # looked at once more: all it saw is written now
            time.sleep(0.01)
        return self

    def attached(self):
        """That it holds the process, or has struck already: the first call may be the last thing the process did."""
        return tracer(self.pids[0]) == self.process.pid or self.count() > 0

    def stop(self):
        """Lets the processes go; what strace had to say."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            said = self.process.communicate(timeout=30)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            said = self.process.communicate()[1]
        return said

    def __exit__(self, *_):
        self.stop()
        self.hits = self.count()
        os.unlink(self.log)

    def count(self):
        text = pathlib.Path(self.log).read_text(errors="replace")
        return text.count("(INJECTED") + text.count("(DELAYED") + text.count("killed by SIGKILL")
