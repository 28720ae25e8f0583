/** The first fit of a process beside later ones. */
package io.heddle.bench.cold;
