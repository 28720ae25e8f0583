/** How long one prediction takes, as a distribution, and whether it stays so. */
package io.heddle.bench.latency;
