/** Messages on standard error: progress, errors, interruptions. */
package io.heddle.cli.terminal;
