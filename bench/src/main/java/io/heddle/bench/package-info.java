/** Runs the JMH suites and prints a table. */
package io.heddle.bench;
