/** Reads and writes arrays in files: IDX, NPY and NPZ. */
package io.heddle.data.array;
