/** The command line: options, messages and exit codes. */
package io.heddle.cli;
