"""One comparison at a time, and none that leaves its children behind."""

import contextlib
import fcntl
import os
import pathlib
import signal
import subprocess

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked the program to end; its children have been killed."""

    def __init__(self, number):
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


class Busy(Exception):
    """Another comparison of the same user runs; the message is for the user."""


class Children:
    """The processes that were started and have not ended."""

    def __init__(self):
        self.running = []

    def start(self, command, **how):
        # In a session of its own, so that Ctrl-C reaches this program alone, which then ends them in order.
        process = subprocess.Popen(command, start_new_session=True, **how)
        self.running.append(process)
        return process

    def run(self, command, **how):
        """As subprocess.run: the exit code and what was written to standard output."""
        process = self.start(command, stdout=subprocess.PIPE, **how)
        output, _ = process.communicate()
        self.ended(process)
        return process.returncode, output

    def ended(self, process):
        if process in self.running:
            self.running.remove(process)

    def kill(self):
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                # With its own children, which are in its session's group.
                os.killpg(process.pid, signal.SIGKILL)

    def reap(self):
        """Waits for those that were killed. Not for a signal's handler: what it interrupted may be waiting already."""
        for process in self.running:
            process.wait()
        self.running.clear()

    def end_on_signals(self):
        """From now on a signal to end kills all children and raises Stopped. A shell's background job ignores Ctrl-C's
        signal from its start; here it is heard again."""
        def stop(number, frame):
            for other in SIGNALS:
                signal.signal(other, signal.SIG_IGN)
            self.kill()
            raise Stopped(number)

        for number in SIGNALS:
            signal.signal(number, stop)


def lock_file():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "heddle" / "compare" / "running"


@contextlib.contextmanager
def alone(path):
    """Raises Busy where another process holds the same file. The system frees it when this one ends, however it does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            process = file.read().strip() or "unknown"
            raise Busy(
                f"another comparison runs already (process {process}), and both would measure each other: "
                "wait for it, or end it"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
