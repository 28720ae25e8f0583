/** Decisions of users about the rows of a data set, and the data set after them. */
package io.heddle.cli.decisions;
