/**
 * Data sets: files and folders of many formats, read into rows of floats or typed columns, with labels where there are
 * any. {@link io.heddle.data.DataSource#open} is the entry; a {@link io.heddle.data.DataFormat} is one format.
 */
package io.heddle.data;
