/** Files that are written whole or not at all, and the error for files that cannot be understood. */
package io.heddle.files;
