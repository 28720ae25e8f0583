package io.heddle.internal.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory that this process can still allocate outside of Java's heap, on Linux. A system that overcommits memory
 * kills the process when it uses more, without a message.
 *
 * <p>The heap grows until {@code -Xmx}, so the part of this maximum that Java has not committed is not free. A program
 * that embeds the engine may have a maximum that its heap never reaches. Therefore at most half of the memory is
 * reserved for the heap: such a program can allocate up to half of it at a time. A smaller {@code -Xmx} leaves more.
 */
public final class FreeMemory {
    private static final Path LINUX = Path.of("/proc/meminfo");
    private static final Path CONTAINER = Path.of("/sys/fs/cgroup");
    private static final Path GROUPS = Path.of("/proc/self/cgroup");

    private FreeMemory() {}

    /**
     * Returns the number of bytes that can be allocated: what the machine has available, with its swap space, or what
     * the smallest control group leaves, minus what the heap may still take.
     *
     * @return bytes, {@link Long#MAX_VALUE} if the system does not say
     */
    public static long bytes() {
        long available = Long.MAX_VALUE;
        try {
            if (Files.isReadable(LINUX)) {
                available = available(Files.readAllLines(LINUX));
            }
            List<String> groups = Files.isReadable(GROUPS) ? Files.readAllLines(GROUPS) : List.of();
            available = Math.min(available, ControlGroups.free(CONTAINER, groups));
        } catch (IOException | RuntimeException e) {
            // Without these files, or with files of another form, the system decides.
        }
        Runtime java = Runtime.getRuntime();
        return withoutHeap(available, java.maxMemory(), java.totalMemory());
    }

    /**
     * Returns what is left of the available memory when the heap has its maximum size, but at least half.
     *
     * @param available bytes, {@link Long#MAX_VALUE} if unknown
     * @param maximum of the heap, bytes
     * @param committed size of the heap now, bytes
     */
    static long withoutHeap(long available, long maximum, long committed) {
        if (available == Long.MAX_VALUE) {
            return available;
        }
        long growth = Math.max(0, maximum - committed);
        return available - Math.min(growth, available / 2);
    }

    /**
     * Refuses an allocation that exceeds the free memory.
     *
     * @param bytes of the allocation
     * @throws OutOfMemoryError if fewer bytes are free
     */
    static void require(long bytes) {
        long free = bytes();
        if (bytes > free) {
            throw new OutOfMemoryError(
                    "%d MB outside of the heap are needed, and %d MB are free".formatted(bytes >> 20, free >> 20));
        }
    }

    /**
     * Returns the available memory of the machine, {@link Long#MAX_VALUE} if it is not listed.
     *
     * @param lines lines of {@code /proc/meminfo}, in kB
     */
    static long available(List<String> lines) {
        long kilobytes = 0;
        boolean listed = false;
        for (String line : lines) {
            if (line.startsWith("MemAvailable:") || line.startsWith("SwapFree:")) {
                kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                listed |= line.startsWith("Mem");
            }
        }
        return listed ? kilobytes << 10 : Long.MAX_VALUE;
    }
}
