package io.heddle.bench.latency;

import org.openjdk.jmh.annotations.Threads;

/** Every processor asks without a pause. */
@Threads(Threads.MAX)
public class SaturatedLatencyBenchmark extends RowLatency {}
