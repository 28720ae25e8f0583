package io.heddle.bench.latency;

import org.openjdk.jmh.annotations.Threads;

/** Latency with one thread. */
@Threads(1)
public class LatencyBenchmark extends RowLatency {}
