"""Cleans up behind a torture run however it ends, kill -9 included: a process of its own that holds the other end of a pipe.

    keeper = Keeper(); keeper.pid(4711); keeper.folder("/tmp/x"); keeper.mount("/tmp/x/demo"); …; keeper.close()

When the pipe closes, everything named is ended: processes (if they are still the same ones), what runs inside the folders
(PostgreSQL's orphans), mounts, the folders themselves."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time


TOLD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def leave(given, _):
    for number in TOLD:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + given)


def leave_when_told():
    """Being told to stop must still end everything that runs: by an exception, and once."""
    for number in TOLD:
        signal.signal(number, leave)


def must_be_writable(parser, path):
    """Refuses a report's place rather now than in ten minutes."""
    if path and not os.access(pathlib.Path(path).resolve().parent, os.W_OK):
        parser.error(f"{path} cannot be written")


def born(pid):
    """When a process began, to know it from a later one of its number; None if it is not there."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def living_in(folder):
    """Processes whose working directory is the folder or below it."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                where = os.readlink(f"/proc/{entry}/cwd")
            except OSError:
                continue
            if where == folder or where.startswith(folder + "/"):
                found.append(int(entry))
    return [pid for pid in found if pid != os.getpid()]


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass


def gone(folder):
    """Waits until nothing runs in the folder."""
    for _ in range(200):
        if not living_in(folder):
            return True
        time.sleep(0.05)
    return False


class Keeper:
    def __init__(self):
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, start_new_session=True, text=True)

    def say(self, kind, what):
        self.process.stdin.write(json.dumps([kind, what]) + "\n")
        self.process.stdin.flush()

    def pid(self, pid):
        self.say("pid", [pid, born(pid)])

    def folder(self, path):
        self.say("folder", str(path))

    def keep(self, path):
        """Not this folder after all."""
        self.say("keep", str(path))

    def mount(self, path):
        self.say("mount", str(path))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    for number in TOLD:
        signal.signal(number, signal.SIG_IGN)
    said = [json.loads(line) for line in sys.stdin]
    kept = {what for kind, what in said if kind == "keep"}
    said = [(kind, what) for kind, what in said if kind == "pid" or what not in kept]
    for kind, what in said:
        if kind == "pid" and what[1] is not None and born(what[0]) == what[1]:
            end(what[0])
    for kind, what in said:
        if kind == "folder" and os.path.isdir(what):
            for _ in range(3):
                for pid in living_in(what):
                    end(pid)
                if gone(what):
                    break
    for kind, what in said:
        if kind == "mount" and os.path.ismount(what):
            subprocess.run(["umount", "-l", what], check=False)
    for kind, what in said:
        if kind == "folder":
            shutil.rmtree(what, ignore_errors=True)


if __name__ == "__main__":
    main()
