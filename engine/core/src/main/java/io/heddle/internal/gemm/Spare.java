package io.heddle.internal.gemm;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps the scratch memory of the last call for the next one of the same shape. New memory has to be mapped and zeroed
 * page by page, and giving it back stops every thread for a moment: together a tenth of a product of 1024 × 1024.
 */
final class Spare<T> {
    /** What may be kept for as long as the program runs. */
    private static final long MOST_BYTES = 32L << 20;

    private final AtomicReference<T> last = new AtomicReference<>();
    private final Consumer<T> free;

    /** @param free frees what is not needed any more */
    Spare(Consumer<T> free) {
        this.free = free;
    }

    /** What was given back last, if it fits, or something new; with the contents that it happens to have. */
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

    /** @param bytes how large it is: what is too large is freed */
    void giveBack(T used, long bytes) {
        T needless = bytes <= MOST_BYTES ? last.getAndSet(used) : used;
        if (needless != null) {
            free.accept(needless);
        }
    }
}
