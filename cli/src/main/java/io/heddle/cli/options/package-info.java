/** Options that several commands share, as picocli mixins, and what is said about columns that need one. */
package io.heddle.cli.options;
