/** Data sets and the files they come in. */
package io.heddle.data;
