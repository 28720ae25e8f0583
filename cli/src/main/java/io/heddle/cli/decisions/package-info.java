/** Decisions that people take about the rows of a data set, and the data set that they make of it. */
package io.heddle.cli.decisions;
