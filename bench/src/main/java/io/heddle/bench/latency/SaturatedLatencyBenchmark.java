package io.heddle.bench.latency;

import org.openjdk.jmh.annotations.Threads;

/** Latency with a busy thread on every processor. */
@Threads(Threads.MAX)
public class SaturatedLatencyBenchmark extends RowLatency {}
