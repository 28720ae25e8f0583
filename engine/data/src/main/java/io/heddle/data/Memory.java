package io.heddle.data;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks the available memory before an allocation. A system that overcommits memory would kill the process later,
 * without a message.
 */
public final class Memory {
    private static final Path LINUX = Path.of("/proc/meminfo");
    private static final Path CONTAINER = Path.of("/sys/fs/cgroup");
    private static final Path GROUPS = Path.of("/proc/self/cgroup");

    private Memory() {}

    /**
     * Checks that a matrix or table fits into the free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows
     * @param columns number of columns
     * @throws DataFormatException if a matrix of that shape exceeds the free memory
     */
    public static void requireRoom(String name, long rows, int columns) throws DataFormatException {
        requireRoom(name, rows, columns, free());
    }

    /**
     * As {@link #requireRoom(String, long, int)}, with a given free memory.
     *
     * @param name name of the data, for error messages
     * @param rows number of rows
     * @param columns number of columns
     * @param free number of free bytes
     * @throws DataFormatException if a matrix of that shape exceeds the free memory
     */
    public static void requireRoom(String name, long rows, int columns, long free) throws DataFormatException {
        long bytes = FloatMatrix.bytesFor(rows, columns);
        if (bytes > free) {
            throw new DataFormatException(
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
     * @throws DataFormatException if the further rows exceed the free memory
     */
    public static void requireRoomForMore(String name, long rows, int columns, long more) throws DataFormatException {
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
     * @throws DataFormatException if the further rows exceed the free memory
     */
    public static void requireRoomForMore(String name, long rows, int columns, long more, long free)
            throws DataFormatException {
        if (Table.bytesFor(more, columns) > free) {
            throw new DataFormatException(
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
     * @throws DataFormatException if a table of half as many rows exceeds the free memory
     */
    public static void requireRoomForAbout(String name, long rows, int columns) throws DataFormatException {
        long free = free();
        long bytes = Table.bytesFor(rows, columns);
        if (bytes / 2 > free) {
            throw new DataFormatException(
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
     * @throws DataFormatException if a table of that shape exceeds the free memory
     */
    public static void requireRoomForTable(String name, long rows, int columns) throws DataFormatException {
        long free = free();
        long bytes = Table.bytesFor(rows, columns);
        if (bytes > free) {
            throw new DataFormatException(
                    "%s holds %d x %d values, whose %d MB as doubles exceed the %d MB of memory that are free"
                            .formatted(name, rows, columns, bytes >> 20, free >> 20));
        }
    }

    /** Returns the available memory of the machine, or of the container. */
    private static long free() {
        long total = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
        try {
            long machine =
                    Files.isReadable(LINUX) ? Math.min(total, available(Files.readAllLines(LINUX), total)) : total;
            return Math.min(machine, ControlGroups.free(CONTAINER, groups()));
        } catch (IOException e) {
            return total;
        }
    }

    private static List<String> groups() throws IOException {
        return Files.isReadable(GROUPS) ? Files.readAllLines(GROUPS) : List.of();
    }

    /** @param lines lines of {@code /proc/meminfo}, in kB */
    static long available(List<String> lines, long total) {
        long kilobytes = 0;
        boolean told = false;
        for (String line : lines) {
            if (line.startsWith("MemAvailable:") || line.startsWith("SwapFree:")) {
                kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                told |= line.startsWith("Mem");
            }
        }
        return told ? kilobytes << 10 : total;
    }
}
