"""A standalone cluster of Spark on the loopback interface: a master and workers in separate processes."""

import os
import pathlib
import socket
import time

HOST = "127.0.0.1"


def alive(process):
    """Whether a process exists and has not ended: its parent may not have read its exit code yet."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Cluster:
    """Ends with close()."""

    def __init__(self, children, java, folder, workers, cores, memory):
        import pyspark

        self.children = children
        self.java = java
        self.folder = folder
        self.home = pathlib.Path(pyspark.__file__).parent
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self.master = self.start("master", "org.apache.spark.deploy.master.Master", "--port", str(self.port))
        self.await_port()
        self.workers = [
            self.start(
                f"worker{number}", "org.apache.spark.deploy.worker.Worker", "--cores", str(cores), "--memory", memory,
                "--work-dir", str(folder / f"work{number}"), self.url,
            )
            for number in range(workers)
        ]

    @property
    def url(self):
        return f"spark://{HOST}:{self.port}"

    def start(self, name, main, *arguments):
        # A worker needs the version of Scala if it does not find the jars in folders of Spark's sources.
        environment = dict(os.environ, SPARK_HOME=str(self.home), SPARK_LOCAL_IP=HOST, SPARK_SCALA_VERSION="2.13")
        log = (self.folder / f"{name}.log").open("w")
        command = [
            self.java, "-Xmx256m", "-XX:+UseSerialGC", "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "-Dspark.master.rest.enabled=false", "-cp", f"{self.home}/jars/*", main, "--host", HOST, "--webui-port", "0", *arguments,
        ]
        return self.children.start(command, env=environment, stdout=log, stderr=log)

    def await_port(self):
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.1)
        raise SystemExit(f"bench/spark: the master of the cluster does not start: {self.folder / 'master.log'}")

    def executors(self):
        """The ids of the running processes of executors, which threads of the workers start."""
        return sorted(
            int(child)
            for worker in self.workers
            for children in pathlib.Path(f"/proc/{worker.pid}/task").glob("*/children")
            for child in children.read_text().split()
            if alive(child)
        )

    def await_executors(self):
        """The executors, when there is one for each worker: workers start others for those that were killed."""
        for _ in range(600):
            found = self.executors()
            if len(found) == len(self.workers):
                return found
            time.sleep(0.1)
        raise SystemExit(f"bench/spark: the workers start no executors: {self.folder}")

    def close(self):
        for process in [*self.workers, self.master]:
            process.terminate()
            process.wait()
            self.children.ended(process)
