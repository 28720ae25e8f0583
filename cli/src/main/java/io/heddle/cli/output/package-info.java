/** Results: files that are written whole or not at all, JSON, and lines of text. */
package io.heddle.cli.output;
