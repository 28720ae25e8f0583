/** Tables of typed columns, and their conversion to float features. */
package io.heddle.preprocessing;
