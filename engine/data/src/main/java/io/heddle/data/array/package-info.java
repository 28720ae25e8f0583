/** Arrays in files: IDX, NPY and NPZ. */
package io.heddle.data.array;
