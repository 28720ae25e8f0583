package io.heddle.matrix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Tables of results of scikit-learn: a line with name, rows and columns, then one line for each row. */
public final class ReferenceTables {
    /** Values in row-major order. */
    public record Table(int rows, int columns, double[] values) {
        public FloatMatrix toMatrix() {
            FloatMatrix m = FloatMatrix.allocate(rows, columns);
            for (int i = 0; i < values.length; i++) {
                m.set(i / columns, i % columns, (float) values[i]);
            }
            return m;
        }

        public double get(int row, int column) {
            return values[row * columns + column];
        }
    }

    private final Map<String, Table> tables = new LinkedHashMap<>();

    private ReferenceTables() {}

    public static ReferenceTables read(Class<?> beside, String file) {
        ReferenceTables result = new ReferenceTables();
        try (InputStream in = beside.getResourceAsStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            reader.readLine();
            for (String head = reader.readLine(); head != null; head = reader.readLine()) {
                String[] words = head.split(" ");
                int rows = Integer.parseInt(words[1]);
                int columns = Integer.parseInt(words[2]);
                double[] values = new double[rows * columns];
                for (int i = 0; i < rows; i++) {
                    double[] row = Arrays.stream(reader.readLine().split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                    System.arraycopy(row, 0, values, i * columns, columns);
                }
                result.tables.put(words[0], new Table(rows, columns, values));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    /** The parts of the tables' names before the slash. */
    public Set<String> cases() {
        Set<String> cases = new LinkedHashSet<>();
        tables.keySet().forEach(name -> cases.add(name.substring(0, name.indexOf('/'))));
        return cases;
    }

    public boolean has(String name) {
        return tables.containsKey(name);
    }

    public Table get(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new AssertionError("no table " + name);
        }
        return table;
    }

    public double number(String name) {
        return get(name).values()[0];
    }
}
