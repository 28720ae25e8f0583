/** Measures the first fit of a process and later ones. */
package io.heddle.bench.cold;
