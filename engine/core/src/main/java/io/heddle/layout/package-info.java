/** Maps of rows in the plane, on which neighbours lie near each other. */
package io.heddle.layout;
