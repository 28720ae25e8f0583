/** Outputs of the commands: files that are written atomically, JSON, and lines of text. */
package io.heddle.cli.output;
