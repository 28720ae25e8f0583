/** Analyses of catalogues: groups, similar items and wrong labels. Prints nothing. */
package io.heddle.cli.catalogue;
