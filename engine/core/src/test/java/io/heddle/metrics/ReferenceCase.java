package io.heddle.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Labelings with scikit-learn's scores, written by src/test/python/metrics_reference.py. */
record ReferenceCase(String title, Map<String, Double> scores, int[] truth, int[] other) {
    private static final int LINES = 3;

    static List<ReferenceCase> read(String resource) throws IOException {
        List<String> lines;
        try (InputStream in = ReferenceCase.class.getResourceAsStream(resource)) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<ReferenceCase> cases = new ArrayList<>();
        // The first line is the provenance.
        for (int i = 1; i < lines.size(); i += LINES) {
            String[] fields = lines.get(i).split("\t");
            Map<String, Double> scores = new HashMap<>();
            for (int f = 1; f < fields.length; f++) {
                String[] pair = fields[f].split("=");
                scores.put(pair[0], Double.valueOf(pair[1]));
            }
            cases.add(new ReferenceCase(fields[0], scores, ints(lines.get(i + 1)), ints(lines.get(i + 2))));
        }
        return cases;
    }

    private static int[] ints(String line) {
        return Stream.of(line.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    double score(String name) {
        return scores.get(name);
    }

    @Override
    public String toString() {
        return title;
    }
}
