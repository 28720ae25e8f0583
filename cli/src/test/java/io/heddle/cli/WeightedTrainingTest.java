package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row of weight w counts as w rows in each stage, and the values of a row of weight 0 do not count. */
class WeightedTrainingTest {
    @TempDir
    private Path folder;

    private final List<String> weighted = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();

    /** @param placeholder values of rows of weight 0 */
    private void write(String placeholder) throws IOException {
        Random random = new Random(2);
        weighted.add("size,width,kind,n");
        repeated.add("size,width,kind");
        for (int i = 0; i < 60; i++) {
            boolean small = random.nextBoolean();
            int weight = random.nextInt(4);
            String size = i % 7 == 0 ? "" : Double.toString((small ? 2 : 40) + 3 * random.nextGaussian());
            String row = "%s,%s,%s".formatted(size, 2 * random.nextGaussian(), small ? "small" : "large");
            weighted.add((weight == 0 ? placeholder + "," + placeholder + ",small" : row) + "," + weight);
            for (int copy = 0; copy < weight; copy++) {
                repeated.add(row);
            }
        }
        Files.write(folder.resolve("weighted.csv"), weighted);
        Files.write(folder.resolve("repeated.csv"), repeated);
    }

    private double trained(String data, String measure, String command) throws IOException {
        List<Object> words = new ArrayList<>(List.of(command.split(" ")));
        int place = words.contains("logistic") ? 2 : 1;
        words.add(place, folder.resolve(data + ".csv"));
        words.addAll(List.of("--model", folder.resolve(data + ".heddle"), "--json"));
        words.addAll(measure.equals("objective") ? List.of("--label", "kind") : List.of("--drop", "kind"));
        if (data.equals("weighted")) {
            words.addAll(List.of("--weights", "n"));
        }
        Invocation heddle = Invocation.of(words.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return new ObjectMapper().readTree(heddle.out()).get(measure).asDouble();
    }

    @ParameterizedTest
    @CsvSource({
        "-9999, objective, train --missing mean --standardize --lambda 0.01",
        "9.97e36, objective, train --missing median --standardize --pca 1 --lambda 0.01",
        "-9999, objective, train --missing mean --pca 2 --whiten --lambda 0.01",
        "-9999, inertia, train --missing drop-rows --standardize --clusters 2",
        "9.97e36, inertia, train --missing drop-rows --pca 1 --clusters 2",
        "-9999, objective, logistic train --missing mean --lambda 0.01",
        "9.97e36, objective, logistic train --missing median --standardize --lambda 0.01"
    })
    void aWholeWeightIsANumberOfRows(String placeholder, String measure, String command) throws IOException {
        write(placeholder);
        double expected = trained("repeated", measure, command);
        assertThat(trained("weighted", measure, command)).isCloseTo(expected, within(2e-4 * expected));
    }
}
