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
     * @param name of the data, for the error
     * @throws DataFormatException if a matrix of that shape exceeds the memory that is free
     */
    public static void requireRoom(String name, long rows, int columns) throws DataFormatException {
        requireRoom(name, rows, columns, free());
    }

    public static void requireRoom(String name, long rows, int columns, long free) throws DataFormatException {
        long bytes = FloatMatrix.bytesFor(rows, columns);
        if (bytes > free) {
            throw new DataFormatException(
                    "%s holds %d x %d values, whose %d MB as floats exceed the %d MB of memory that are free"
                            .formatted(name, rows, columns, bytes >> 20, free >> 20));
        }
    }

    /**
     * For data whose end is not known.
     *
     * @param rows that are in memory already
     * @param more to come at least
     * @throws DataFormatException if those to come exceed the memory that is free
     */
    public static void requireRoomForMore(String name, long rows, int columns, long more) throws DataFormatException {
        requireRoomForMore(name, rows, columns, more, free());
    }

    public static void requireRoomForMore(String name, long rows, int columns, long more, long free)
            throws DataFormatException {
        if (Table.bytesFor(more, columns) > free) {
            throw new DataFormatException(
                    "%s holds more rows than there is memory for: %d rows of %d values take %d MB as doubles, and %d MB are free"
                            .formatted(name, rows, columns, Table.bytesFor(rows, columns) >> 20, free >> 20));
        }
    }

    /**
     * For data whose end is estimated.
     *
     * @param rows about as many as there are
     * @throws DataFormatException if a table of half as many rows exceeds the memory that is free
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

    /** @throws DataFormatException if a table of that shape exceeds the memory that is free */
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

    /** @param lines as Linux tells of its memory, in kB */
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
