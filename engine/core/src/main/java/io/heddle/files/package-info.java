/** Atomic writing of files and folders, and the exception for invalid files. */
package io.heddle.files;
