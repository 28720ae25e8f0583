package io.heddle.bench.widths;

/**
 * A call of a kernel with data in the caches of a core, and its minimum operations and bytes.
 *
 * @param name of the kernel and the shape of its data
 * @param operations arithmetic operations; a fused multiply-add is one
 * @param loaded bytes read by the instructions of an ideal loop; repeated reads count each time
 * @param stored bytes written
 * @param call runs the kernel once
 */
record TimedKernel(String name, double operations, double loaded, double stored, Runnable call) {
    /** Returns the nanoseconds of the busiest unit of the core. */
    double limit(Core core) {
        return Math.max(
                operations / core.operations(), Math.max(loaded / core.loadedBytes(), stored / core.storedBytes()));
    }
}
