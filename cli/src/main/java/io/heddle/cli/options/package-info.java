/** Shared options of commands as picocli mixins, and messages about columns that need an option. */
package io.heddle.cli.options;
