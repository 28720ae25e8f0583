package io.heddle.bench.latency;

import org.openjdk.jmh.annotations.Threads;

/** One thread asks. */
@Threads(1)
public class LatencyBenchmark extends RowLatency {}
