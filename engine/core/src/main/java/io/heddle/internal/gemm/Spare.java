package io.heddle.internal.gemm;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps the scratch memory of the last call for the next one of the same shape. New memory must be mapped and zeroed
 * page by page, and freeing it stops every thread for a moment: together a tenth of the time of a product of 1024 ×
 * 1024.
 */
final class Spare<T> {
    /** Maximum size in bytes of memory that is kept while the program runs. */
    private static final long MAXIMUM_BYTES = 32L << 20;

    private final AtomicReference<T> last = new AtomicReference<>();
    private final Consumer<T> free;

    /** @param free frees memory that is not kept */
    Spare(Consumer<T> free) {
        this.free = free;
    }

    /** Returns the memory released last, if it has the right shape, or new memory. The contents are undefined. */
    T take(Predicate<T> fits, Supplier<T> make) {
        T spare = last.getAndSet(null);
        if (spare != null) {
            if (fits.test(spare)) {
                return spare;
            }
            free.accept(spare);
        }
        return make.get();
    }

    /** @param bytes its size: memory that is too large is freed */
    void giveBack(T used, long bytes) {
        T needless = bytes <= MAXIMUM_BYTES ? last.getAndSet(used) : used;
        if (needless != null) {
            free.accept(needless);
        }
    }
}
