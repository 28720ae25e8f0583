package io.heddle.data;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.internal.memory.FreeMemory;
import io.heddle.matrix.FloatMatrix;
import io.heddle.preprocessing.Table;
import java.lang.management.ManagementFactory;

/**
 * Checks the free memory before an allocation. A system that overcommits memory would kill the process later, without a
 * message. Free is what the machine or container has left, minus what Java's heap may still take until {@code -Xmx},
 * but at least half of what is left.
 */
public final class Memory {
    private Memory() {}

    /**
     * Checks that a matrix or table fits into the free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows
     * @param columns number of columns
     * @throws InsufficientMemoryException if a matrix of that shape exceeds the free memory
     */
    public static void requireRoom(String name, long rows, int columns) throws InsufficientMemoryException {
        requireRoom(name, rows, columns, free());
    }

    /**
     * As {@link #requireRoom(String, long, int)}, with a given free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows
     * @param columns number of columns
     * @param free number of free bytes
     * @throws InsufficientMemoryException if a matrix of that shape exceeds the free memory
     */
    public static void requireRoom(String name, long rows, int columns, long free) throws InsufficientMemoryException {
        long bytes = FloatMatrix.bytesFor(rows, columns);
        if (bytes > free) {
            throw new InsufficientMemoryException(
                    "%s holds %d x %d values, whose %d MB as floats exceed the %d MB of memory that are free"
                            .formatted(name, rows, columns, bytes >> 20, free >> 20));
        }
    }

    /**
     * Checks the memory for data of unknown size.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows in memory
     * @param columns number of columns
     * @param more minimum number of further rows
     * @throws InsufficientMemoryException if the further rows exceed the free memory
     */
    public static void requireRoomForMore(String name, long rows, int columns, long more)
            throws InsufficientMemoryException {
        requireRoomForMore(name, rows, columns, more, free());
    }

    /**
     * As {@link #requireRoomForMore(String, long, int, long)}, with a given free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows in memory
     * @param columns number of columns
     * @param more minimum number of further rows
     * @param free number of free bytes
     * @throws InsufficientMemoryException if the further rows exceed the free memory
     */
    public static void requireRoomForMore(String name, long rows, int columns, long more, long free)
            throws InsufficientMemoryException {
        if (Table.bytesFor(more, columns) > free) {
            throw new InsufficientMemoryException(
                    "%s has more rows than fit into memory: %d rows of %d values take %d MB as doubles, and %d MB are free"
                            .formatted(name, rows, columns, Table.bytesFor(rows, columns) >> 20, free >> 20));
        }
    }

    /**
     * Checks the memory for data of estimated size.
     *
     * @param name name of the data, for error messages
     * @param rows estimated number of rows
     * @param columns number of columns
     * @throws InsufficientMemoryException if a table of half as many rows exceeds the free memory
     */
    public static void requireRoomForAbout(String name, long rows, int columns) throws InsufficientMemoryException {
        long free = free();
        long bytes = Table.bytesFor(rows, columns);
        if (bytes / 2 > free) {
            throw new InsufficientMemoryException(
                    "%s holds about %d rows of %d values, whose %d MB as doubles exceed the %d MB of memory that are free"
                            .formatted(name, rows, columns, bytes >> 20, free >> 20));
        }
    }

    /**
     * Checks that a matrix or table fits into the free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows
     * @param columns number of columns
     * @throws InsufficientMemoryException if a table of that shape exceeds the free memory
     */
    public static void requireRoomForTable(String name, long rows, int columns) throws InsufficientMemoryException {
        long free = free();
        long bytes = Table.bytesFor(rows, columns);
        if (bytes > free) {
            throw new InsufficientMemoryException(
                    "%s holds %d x %d values, whose %d MB as doubles exceed the %d MB of memory that are free"
                            .formatted(name, rows, columns, bytes >> 20, free >> 20));
        }
    }

    /** Returns the free memory of the machine or container, or where that is unknown the memory of the machine. */
    private static long free() {
        long total = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
        return Math.min(total, FreeMemory.bytes());
    }
}
