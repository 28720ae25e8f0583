/** Runs the JMH suites and prints one table at the end. */
package io.heddle.bench;
