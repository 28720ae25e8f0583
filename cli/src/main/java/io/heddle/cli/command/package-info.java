/** The commands: one class each. */
package io.heddle.cli.command;
