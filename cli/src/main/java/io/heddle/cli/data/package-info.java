/**
 * The data that people bring: files and folders of many formats, read into rows of floats, with labels where there are
 * any.
 */
package io.heddle.cli.data;
