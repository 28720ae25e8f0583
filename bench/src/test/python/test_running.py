"""Tests that a comparison ends its child processes and that only one runs at a time."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

MAIN = pathlib.Path(__file__).resolve().parents[2] / "main" / "python"
sys.path.insert(0, str(MAIN))
sys.dont_write_bytecode = True

import running  # noqa: E402

# Starts a child that would run a minute longer, prints its process id, and waits for it.
PARENT = """
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import running
children = running.Children()
try:
    children.end_on_signals()
    child = children.start([sys.executable, "-c", "import time; time.sleep(60)"])
    print(child.pid, flush=True)
    child.wait()
except running.Stopped as e:
    children.reap()
    print(e, flush=True)
    sys.exit(e.exit_code)
"""


def runs(process):
    try:
        os.kill(process, 0)
        return True
    except ProcessLookupError:
        return False


class RunningTest(unittest.TestCase):
    def stop(self, number, before=None):
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(MAIN)], stdout=subprocess.PIPE, text=True, preexec_fn=before
        )
        self.addCleanup(parent.stdout.close)
        self.addCleanup(parent.kill)
        child = int(parent.stdout.readline())
        self.assertTrue(runs(child))
        parent.send_signal(number)
        self.assertEqual(parent.stdout.readline().strip(), f"stopped by {signal.Signals(number).name}")
        self.assertEqual(parent.wait(timeout=30), 128 + number)
        deadline = time.monotonic() + 30
        while runs(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertFalse(runs(child))

    def test_a_signal_ends_the_children_too(self):
        for number in running.SIGNALS:
            with self.subTest(number):
                self.stop(number)

    def test_a_background_job_that_ignored_ctrl_c_ends_too(self):
        self.stop(signal.SIGINT, before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))

    def test_the_output_and_the_exit_code_of_a_child(self):
        children = running.Children()
        command = [sys.executable, "-c", "print('found'); import sys; sys.exit(3)"]
        self.assertEqual(children.run(command, text=True), (3, "found\n"))
        self.assertEqual(children.running, [])

    def test_one_comparison_at_a_time(self):
        with tempfile.TemporaryDirectory() as folder:
            lock = pathlib.Path(folder) / "new" / "running"
            with running.alone(lock):
                with self.assertRaisesRegex(running.Busy, rf"process {os.getpid()}\)"):
                    with running.alone(lock):
                        self.fail("two at a time")
            with running.alone(lock):
                pass


if __name__ == "__main__":
    unittest.main()
