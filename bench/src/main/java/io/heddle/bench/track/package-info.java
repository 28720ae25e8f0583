/** Stores the measurements of runs and shows their history; {@code bench/track}. */
package io.heddle.bench.track;
