/** Tables of typed columns, and what turns them into the floats that the algorithms take. */
package io.heddle.preprocessing;
