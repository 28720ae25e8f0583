/** What can be learnt from people's own catalogues: groups, similar items and wrong labels. Prints nothing. */
package io.heddle.cli.catalogue;
