/** The command line: what is typed, what is told on the way, and the exit code. */
package io.heddle.cli;
