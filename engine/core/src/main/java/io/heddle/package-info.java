/** The engine as a whole. */
package io.heddle;
