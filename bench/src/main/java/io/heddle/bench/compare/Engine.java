package io.heddle.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;

/** Who runs the works that a {@link Worker} is asked for. */
interface Engine {
    /** Runs the work that a request names, with its options. */
    Works.Outcome run(JsonNode request);
}
