/**
 * The Heddle side of {@code bench/compare}: a process that runs one work after another at the word of the driver, which
 * has the peers run the same beside it and judges what both return.
 */
package io.heddle.bench.compare;
