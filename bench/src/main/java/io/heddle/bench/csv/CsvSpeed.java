package io.heddle.bench.csv;

import com.sun.management.OperatingSystemMXBean;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.heddle.bench.csv.GeneratedCsv.Digits;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code bench/run csv [--megabytes N] [--columns N] [--digits short|long|whole] [--rounds N]}: reads a generated file
 * alternately with FastCSV, every field as a string, and as a typed table with Heddle, and prints the median of the
 * ratios. Times are the CPU time of the process, including garbage collection, so that a busy machine has little
 * effect.
 */
public final class CsvSpeed {
    private static final int WARM_UP_MEGABYTES = 32;
    private static final int WARM_UPS = 4;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private CsvSpeed() {}

    /** Reads a file and returns its number of rows. */
    @FunctionalInterface
    interface Reading {
        long of(Path file) throws IOException;
    }

    /** Exit code 2 if the command line is invalid. */
    public static void main(String[] arguments) throws IOException {
        int megabytes = 1024;
        int columns = 100;
        int rounds = 3;
        Digits digits = Digits.SHORT;
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                String value = i + 1 < arguments.length ? arguments[i + 1] : "";
                switch (arguments[i]) {
                    case "--megabytes" -> megabytes = Integer.parseInt(value);
                    case "--columns" -> columns = Integer.parseInt(value);
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--digits" -> digits = Digits.valueOf(value.toUpperCase(Locale.ROOT));
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println(
                    "bench/run csv [--megabytes N] [--columns N] [--digits short|long|whole] [--rounds N]: not understood: "
                            + e.getMessage());
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("heddle-csv");
        Path file = folder.resolve("generated.csv");
        try {
            System.out.println(compare(file, megabytes, columns, digits, rounds));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** Returns a line of the result. */
    static String compare(Path file, int megabytes, int columns, Digits digits, int rounds) throws IOException {
        GeneratedCsv.write(file, (long) Math.min(megabytes, WARM_UP_MEGABYTES) << 20, columns, digits);
        for (int i = 0; i < WARM_UPS; i++) {
            seconds(file, CsvSpeed::fastCsv);
            seconds(file, CsvSpeed::heddle);
        }
        long rows = GeneratedCsv.write(file, (long) megabytes << 20, columns, digits);
        double[] alone = new double[rounds];
        double[] table = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            alone[i] = seconds(file, CsvSpeed::fastCsv);
            table[i] = seconds(file, CsvSpeed::heddle);
            ratios[i] = alone[i] / table[i];
        }
        return "%d MB, %d rows of %d numbers (%s) and a label: FastCSV alone %.2f s, Heddle %.2f s of CPU time: %.0f %% of its speed"
                .formatted(
                        megabytes,
                        rows,
                        columns,
                        digits.name().toLowerCase(Locale.ROOT),
                        median(alone),
                        median(table),
                        100 * median(ratios));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double seconds(Path file, Reading reading) throws IOException {
        System.gc();
        long start = SYSTEM.getProcessCpuTime();
        if (reading.of(file) <= 0) {
            throw new IllegalStateException("no rows were read");
        }
        return (SYSTEM.getProcessCpuTime() - start) / 1e9;
    }

    static long fastCsv(Path file) throws IOException {
        long rows = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file);
                CloseableIterator<CsvRecord> records = reader.iterator()) {
            while (records.hasNext()) {
                rows += records.next().getFieldCount() > 0 ? 1 : 0;
            }
        }
        return rows - 1;
    }

    static long heddle(Path file) throws IOException {
        try (DataSource data =
                DataSource.open(file.toString(), DataOptions.defaults().withLabel("kind"), note -> {})) {
            return data.rows();
        }
    }
}
