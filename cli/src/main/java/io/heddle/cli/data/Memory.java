package io.heddle.cli.data;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.lang.management.ManagementFactory;

/** What this machine has room for: a system that lends memory freely would end the process later, without a word. */
final class Memory {
    private Memory() {}

    /**
     * @param name of the data, for the error
     * @throws DataFormatException if a matrix of that shape exceeds the machine's memory
     */
    static void requireRoom(String name, long rows, int columns) throws DataFormatException {
        long bytes = FloatMatrix.bytesFor(rows, columns);
        long room = total();
        if (bytes > room) {
            throw new DataFormatException(
                    "%s holds %d x %d values, whose %d MB as floats exceed this machine's %d MB of memory"
                            .formatted(name, rows, columns, bytes >> 20, room >> 20));
        }
    }

    private static long total() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
