/** What a person sees on standard error: progress, faults, interruptions. */
package io.heddle.cli.terminal;
