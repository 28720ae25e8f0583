/** Keeps what runs measured and shows it over time; {@code bench/track}. */
package io.heddle.bench.track;
