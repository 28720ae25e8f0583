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
 * Allocates off-heap memory; on Linux, large allocations use pages of 2 MB.
 *
 * <p>Random access to rows, as in mini-batches, is limited by TLB misses: with small pages, half of the time is spent
 * on translating addresses. Large pages are requested from Linux by {@code madvise}, which requires native access:
 * start the program with {@code --enable-native-access=io.heddle.core}, or {@code =ALL-UNNAMED} on a class path.
 * Without it, on other systems, and if large pages are disabled by the administrator, memory has small pages.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="off-heap"}
 */
public final class OffHeap {
    /** Alignment of every allocation in bytes: the size of a vector of 512 bits and of a cache line. */
    public static final int ALIGNMENT = 64;

    private static final long LARGE_PAGE = 2L << 20;

    /** The TLB covers less than this with small pages, so large ones gain nothing. */
    private static final long LARGE_ALLOCATION = 2 * LARGE_PAGE;

    /**
     * Reading the free memory takes 0.14 ms, a seventh of the time for so many zeros (Intel Xeon, 2.9 GHz), so smaller
     * allocations are not checked.
     */
    private static final long CHECKED_ALLOCATION = 16L << 20;

    /** Loaded for the first large allocation: the native calls take 40 ms of a new process. */
    private static final class Pages {
        /** Null if large pages cannot be requested. */
        static final LinuxPages PAGES = linuxPages();
    }

    private OffHeap() {}

    /**
     * Allocates zeros. An allocation of 16 MB or more is refused if it exceeds the free memory, see {@link FreeMemory}.
     *
     * @param bytes ≥ 0
     * @param arena closing it frees the memory
     * @return {@code bytes} zeros, aligned to {@value #ALIGNMENT}
     * @throws OutOfMemoryError if there is not enough memory
     * @throws IllegalStateException if the arena is closed
     */
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (bytes >= CHECKED_ALLOCATION) {
            FreeMemory.require(bytes);
        }
        if (bytes >= LARGE_ALLOCATION && bytes <= Long.MAX_VALUE - LARGE_PAGE && Pages.PAGES != null) {
            Optional<MemorySegment> large = Pages.PAGES.map(bytes, arena);
            if (large.isPresent()) {
                return large.get();
            }
        }
        return arena.allocate(bytes, ALIGNMENT);
    }

    private static LinuxPages linuxPages() {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
        // Only if access is enabled: without the option, this JDK prints a warning and a later one will refuse.
        if (!linux || !OffHeap.class.getModule().isNativeAccessEnabled()) {
            return null;
        }
        try {
            return new LinuxPages();
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /**
     * Private mappings of zeros, with the advice to back them by large pages. Used only if native access is enabled.
     */
    @SuppressWarnings("restricted")
    private static final class LinuxPages {
        // These values are the same on every Linux that Java supports.
        private static final int READ_AND_WRITE = 1 | 2;
        private static final int PRIVATE_AND_ANONYMOUS = 2 | 0x20;
        private static final int MADV_HUGEPAGE = 14;
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

        /** Returns empty if the system refuses. */
        Optional<MemorySegment> map(long bytes, Arena arena) {
            // Larger, so that it can begin at a large page; untouched pages use no memory.
            long mapped = bytes + LARGE_PAGE;
            MemorySegment start;
            try {
                start = (MemorySegment)
                        mmap.invokeExact(MemorySegment.NULL, mapped, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
                if (start.address() == FAILED) {
                    return Optional.empty();
                }
                // If the advice fails, the memory has small pages.
                int ignored = (int) madvise.invokeExact(start, mapped, MADV_HUGEPAGE);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot call the system's memory functions", e);
            }
            return Optional.of(alignedSegment(start, mapped, bytes, arena));
        }

        private MemorySegment alignedSegment(MemorySegment start, long mapped, long bytes, Arena arena) {
            long aligned = Math.ceilDiv(start.address(), LARGE_PAGE) * LARGE_PAGE;
            try {
                return MemorySegment.ofAddress(aligned).reinterpret(bytes, arena, freed -> unmap(start, mapped));
            } catch (RuntimeException e) {
                // The arena is closed and does not free the mapping.
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
