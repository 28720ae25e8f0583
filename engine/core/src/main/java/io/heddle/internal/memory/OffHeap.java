package io.heddle.internal.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * Memory outside the Java heap, on Linux in pages of 2 MB where it is large.
 *
 * <p>Random access to rows, as in mini-batches, is limited by TLB misses: half of the time is spent on finding the page
 * of each row among small ones. Linux gives large pages to those who ask ({@code madvise}), which takes native access:
 * start the program with {@code --enable-native-access=io.heddle.core}, or {@code =ALL-UNNAMED} on a class path.
 * Without it, on other systems, and where an administrator turned large pages off, everything works in small pages.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="off-heap"}
 */
public final class OffHeap {
    /** Every allocation begins at a multiple of so many bytes: a vector of 512 bits, and a line of the cache. */
    public static final int ALIGNMENT = 64;

    private static final long LARGE_PAGE = 2L << 20;

    /** Null where pages cannot be asked for. */
    private static final LinuxPages PAGES = linuxPages();

    private OffHeap() {}

    /**
     * Allocates zeros.
     *
     * @param bytes ≥ 0
     * @param arena closing it frees the memory
     * @return {@code bytes} zeros, aligned to {@value #ALIGNMENT}
     * @throws OutOfMemoryError if the machine has no room for them
     * @throws IllegalStateException if the arena is closed
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (PAGES != null && bytes >= LARGE_PAGE && bytes <= Long.MAX_VALUE - LARGE_PAGE) {
            Optional<MemorySegment> large = PAGES.map(bytes, arena);
            if (large.isPresent()) {
                return large.get();
            }
        }
        return arena.allocate(bytes, ALIGNMENT);
    }

    private static LinuxPages linuxPages() {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
        // Asked for, never taken: without the option the JDK would print a warning, and a later one will refuse.
        if (!linux || !OffHeap.class.getModule().isNativeAccessEnabled()) {
            return null;
        }
        try {
            return new LinuxPages();
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** Private mappings of zeros, with the advice to back them by large pages. Made only where the user allows it. */
    @SuppressWarnings("restricted")
    private static final class LinuxPages {
        // The same numbers on every Linux that Java runs on.
        private static final int READ_AND_WRITE = 1 | 2;
        private static final int PRIVATE_AND_ANONYMOUS = 2 | 0x20;
        private static final int LARGE_PAGES_PLEASE = 14;
        private static final long FAILED = -1;

        private final MethodHandle mmap;
        private final MethodHandle munmap;
        private final MethodHandle madvise;

        LinuxPages() {
            mmap = handle(
                    "mmap",
                    FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
            munmap = handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
            madvise = handle("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        }

        private static MethodHandle handle(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }

        /** Nothing if the system refuses. */
        Optional<MemorySegment> map(long bytes, Arena arena) {
            // With room to begin at a large page; what is never touched takes no memory.
            long mapped = bytes + LARGE_PAGE;
            MemorySegment start;
            try {
                start = (MemorySegment)
                        mmap.invokeExact(MemorySegment.NULL, mapped, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
                if (start.address() == FAILED) {
                    return Optional.empty();
                }
                // Advice: an error means small pages, nothing worse.
                int ignored = (int) madvise.invokeExact(start, mapped, LARGE_PAGES_PLEASE);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot call the system's memory functions", e);
            }
            return Optional.of(handOver(start, mapped, bytes, arena));
        }

        private MemorySegment handOver(MemorySegment start, long mapped, long bytes, Arena arena) {
            long aligned = Math.ceilDiv(start.address(), LARGE_PAGE) * LARGE_PAGE;
            try {
                return MemorySegment.ofAddress(aligned).reinterpret(bytes, arena, freed -> unmap(start, mapped));
            } catch (RuntimeException e) {
                // The arena is closed, so it will free nothing any more.
                unmap(start, mapped);
                throw e;
            }
        }

        private void unmap(MemorySegment start, long bytes) {
            try {
                int ignored = (int) munmap.invokeExact(start, bytes);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot call the system's memory functions", e);
            }
        }
    }
}
