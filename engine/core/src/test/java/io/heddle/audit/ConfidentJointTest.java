package io.heddle.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the confident joint with that of a script written from the paper. */
class ConfidentJointTest {
    private record Case(
            String name, int[] given, float[] p, int classes, double[] thresholds, double[] counts, double[] joint) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        List<String> lines;
        try (InputStream in = ConfidentJointTest.class.getResourceAsStream("confident_joint.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<Case> cases = new ArrayList<>();
        Iterator<String> line = lines.iterator();
        while (line.hasNext()) {
            String[] head = line.next().split(" ");
            int n = Integer.parseInt(head[1]);
            int classes = Integer.parseInt(head[2]);
            int[] given =
                    Arrays.stream(numbers(line.next())).mapToInt(v -> (int) v).toArray();
            float[] p = new float[n * classes];
            for (int i = 0; i < n; i++) {
                double[] row = numbers(line.next());
                for (int k = 0; k < classes; k++) {
                    p[i * classes + k] = (float) row[k];
                }
            }
            cases.add(new Case(
                    head[0], given, p, classes, numbers(line.next()), numbers(line.next()), numbers(line.next())));
        }
        assertThat(cases).hasSize(4);
        return cases;
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithThePaper(Case c) {
        try (FloatMatrix p = FloatMatrix.copyOf(c.p, c.given.length, c.classes)) {
            ConfidentJoint joint = ConfidentJoint.of(c.given, p);

            assertThat(joint.thresholds()).containsExactly(c.thresholds, within(1e-9));
            double[] counts = Arrays.stream(joint.counts())
                    .flatMapToInt(Arrays::stream)
                    .asDoubleStream()
                    .toArray();
            assertThat(counts).containsExactly(c.counts);
            double[] shares =
                    Arrays.stream(joint.joint()).flatMapToDouble(Arrays::stream).toArray();
            assertThat(shares).containsExactly(c.joint, within(1e-12));
            double diagonal = 0;
            for (int k = 0; k < c.classes; k++) {
                diagonal += c.joint[k * c.classes + k];
            }
            assertThat(joint.noise()).isCloseTo(1 - diagonal, within(1e-12));
        }
    }

    @Test
    void namesTheInvalidLabel() {
        try (FloatMatrix p = FloatMatrix.copyOf(new float[] {1, 0, 0, 1}, 2, 2)) {
            assertThatThrownBy(() -> ConfidentJoint.of(new int[] {0, 2}, p))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("label 2 of row 1 lies outside 0 to 1");
            assertThatThrownBy(() -> ConfidentJoint.of(new int[] {0}, p))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("1 labels do not fit 2 rows of probabilities");
        }
    }
}
