"""Spark's event log: the time of each job and the bytes it sent."""

import json

# A log in one file, which also has the blocks of broadcast values.
SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.rolling.enabled": "false",
    "spark.eventLog.compress": "false",
    "spark.eventLog.logBlockUpdates.enabled": "true",
}


class Job:
    """The sums over the tasks of a job, and the broadcast values that were made for it."""

    def __init__(self, event):
        self.description = (event.get("Properties") or {}).get("spark.job.description")
        self.begun = event["Submission Time"]
        self.milliseconds = 0
        self.tasks = 0
        self.result_bytes = 0
        self.shuffle_bytes = 0
        self.broadcast_bytes = 0
        self.run_milliseconds = 0
        self.deserialize_milliseconds = 0
        # From the launch to the end of each task, without what the executor counts: sending the task and its result.
        self.delay_milliseconds = 0

    def add(self, info, metrics):
        self.tasks += 1
        self.result_bytes += metrics["Result Size"]
        self.shuffle_bytes += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
        self.run_milliseconds += metrics["Executor Run Time"]
        self.deserialize_milliseconds += metrics["Executor Deserialize Time"]
        counted = sum(metrics[name] for name in ("Executor Run Time", "Executor Deserialize Time"))
        self.delay_milliseconds += info["Finish Time"] - info["Launch Time"] - counted


def jobs(folder):
    """All jobs of the only log in a folder, in their order."""
    (log,) = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    found, by_id, by_stage, pending, seen = [], {}, {}, 0, set()
    current = None
    with log.open() as lines:
        for event in map(json.loads, lines):
            kind = event["Event"]
            if kind == "SparkListenerJobStart":
                current = by_id[event["Job ID"]] = Job(event)
                found.append(current)
                by_stage.update((stage, current) for stage in event["Stage IDs"])
                # The broadcasts of the driver since the previous job.
                current.broadcast_bytes, pending = pending, 0
            elif kind == "SparkListenerJobEnd":
                job = by_id[event["Job ID"]]
                job.milliseconds = event["Completion Time"] - job.begun
                current = None
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                by_stage[event["Stage ID"]].add(event["Task Info"], event["Task Metrics"])
            elif kind == "SparkListenerBlockUpdated":
                info = event["Block Updated Info"]
                size = info["Memory Size"] + info["Disk Size"]
                block = info["Block ID"]
                # Each piece once: executors report their copies too. Without "piece" it is the value itself.
                if block.startswith("broadcast_") and "_piece" in block and size and block not in seen:
                    seen.add(block)
                    if current is None:
                        pending += size
                    else:
                        current.broadcast_bytes += size
    return found
