"""Ensures that only one comparison runs at a time and that its child processes end."""

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
        # In a separate session, so that Ctrl-C reaches only this program, which then ends them in order.
        process = subprocess.Popen(command, start_new_session=True, **how)
        self.running.append(process)
        return process

    def run(self, command, **how):
        """Like subprocess.run: the exit code and the standard output."""
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
                # Includes its children, which are in the group of its session.
                os.killpg(process.pid, signal.SIGKILL)

    def reap(self):
        """Waits for the killed processes. Not for signal handlers, because the interrupted code may be waiting already."""
        for process in self.running:
            process.wait()
        self.running.clear()

    def end_on_signals(self):
        """From now on a signal to end kills all children and raises Stopped. A shell's background job ignores the
        signal of Ctrl-C; this enables it again."""
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
    """Raises Busy if another process has locked the same file. The system releases it when this process ends."""
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
