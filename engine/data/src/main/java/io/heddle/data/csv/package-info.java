/** Tables of text. */
package io.heddle.data.csv;
