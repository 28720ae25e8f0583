package io.heddle.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;

/** Runs the tasks of a {@link Worker}. */
interface TaskRunner {
    /** Runs the task of a request, with its options. */
    Works.Outcome run(JsonNode request);
}
