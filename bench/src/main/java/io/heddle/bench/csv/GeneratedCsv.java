package io.heddle.bench.csv;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a CSV file of a given size: numbers drawn from a seed, and a column of labels. */
final class GeneratedCsv {
    private static final int SEED = 7;
    private static final int LABELS = 10;

    /** The formats of numbers. */
    enum Digits {
        /** {@code 0.1234}: measurements. */
        SHORT,
        /** {@code 0.12345678901234567}: doubles as Python writes them. */
        LONG,
        /** {@code 173}: pixels and counts. */
        WHOLE;

        private String draw(SplittableRandom random) {
            return switch (this) {
                case SHORT -> "0.%04d".formatted(random.nextInt(10_000));
                case LONG -> Double.toString(random.nextDouble());
                case WHOLE -> Integer.toString(random.nextInt(256));
            };
        }
    }

    private GeneratedCsv() {}

    /**
     * @param columns number of columns of numbers
     * @return number of rows written
     */
    static long write(Path file, long bytes, int columns, Digits digits) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        // Formatting takes longer than reading, so numbers are drawn from a set that is formatted once.
        byte[][] numbers = new byte[1 << 14][];
        Arrays.setAll(numbers, i -> (digits.draw(random) + ",").getBytes(StandardCharsets.US_ASCII));
        byte[][] labels = new byte[LABELS][];
        Arrays.setAll(labels, i -> "kind %d\n".formatted(i).getBytes(StandardCharsets.US_ASCII));
        String names = IntStream.range(0, columns).mapToObj(j -> "c" + j).collect(Collectors.joining(","));
        long written = 0;
        long rows = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write((names + ",kind\n").getBytes(StandardCharsets.US_ASCII));
            while (written < bytes) {
                for (int j = 0; j < columns; j++) {
                    byte[] number = numbers[random.nextInt(numbers.length)];
                    out.write(number);
                    written += number.length;
                }
                byte[] label = labels[random.nextInt(LABELS)];
                out.write(label);
                written += label.length;
                rows++;
            }
        }
        return rows;
    }
}
