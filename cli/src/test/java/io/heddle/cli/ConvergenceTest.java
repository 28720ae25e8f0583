package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that fits report missing convergence, reach the optimum for columns of any scale, and use weights of rows and
 * classes.
 */
class ConvergenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENTS = """
            time,x,kind
            1700000000,0,a
            1700000600,1,b
            1700001200,0,c
            1700001800,1,a
            1700000300,4,b
            1700000900,5,b
            1700001500,4,b
            1700002100,9,c
            """;
    private static final String WEIGHTED = """
            x,n,kind
            0,1,a
            1,2,b
            2,1,a
            3,0,a
            4,3,b
            """;
    private static final String REPEATED = """
            x,kind
            0,a
            1,b
            1,b
            2,a
            4,b
            4,b
            4,b
            """;

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private JsonNode train(Path data, Object... flags) throws IOException {
        Invocation heddle = invoke(data, flags);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return JSON.readTree(heddle.out());
    }

    private Invocation invoke(Path data, Object... flags) throws IOException {
        Object[] words = new Object[flags.length + 8];
        Object[] first = {"logistic", "train", data, "--label", "kind", "--model", folder.resolve("m.heddle"), "--json"
        };
        System.arraycopy(first, 0, words, 0, first.length);
        System.arraycopy(flags, 0, words, first.length, flags.length);
        return Invocation.of(words);
    }

    @Test
    void reportsALimitOfIterationsEverywhere() throws IOException {
        Path events = file("events.csv", EVENTS);
        Invocation heddle = invoke(events, "--max-iterations", 1, "--tolerance", "1e-9");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.errorsBesideProgress())
                .anyMatch(
                        line -> line.startsWith(
                                        "The fit did not converge: it ended after 1 iterations with a relative gap of ")
                                && line.endsWith(
                                        "above the tolerance 1.0E-9. Increase --max-iterations above 1, or add --standardize."));
        assertThat(JSON.readTree(heddle.out()).get("converged").asBoolean(true)).isFalse();
        Invocation inspect = Invocation.of("inspect", folder.resolve("m.heddle"), "--json");
        assertThat(JSON.readTree(inspect.out())
                        .at("/stages")
                        .findValue("converged")
                        .asBoolean(true))
                .isFalse();
        assertThat(Invocation.of("inspect", folder.resolve("m.heddle")).out()).contains(", not converged)");
        for (String command : new String[] {"path", "cv"}) {
            Invocation rows = Invocation.of(
                    "logistic",
                    command,
                    events,
                    "--label",
                    "kind",
                    "--max-iterations",
                    1,
                    "--lambdas",
                    3,
                    "--tolerance",
                    "1e-9",
                    "--json",
                    command.equals("cv") ? "--folds" : "--lambda-ratio",
                    command.equals("cv") ? "2" : "1e-3");
            assertThat(rows.code()).as(rows.err()).isZero();
            assertThat(rows.err()).contains("penalties have a fit that did not converge to the tolerance 1.0E-9.");
            assertThat(JSON.readTree(rows.out()).get("rows").findValuesAsText("converged"))
                    .contains("false");
        }
    }

    @Test
    void unixTimesReachTheOptimum() throws IOException {
        Path events = file("events.csv", EVENTS);
        JsonNode plain = train(events);
        assertThat(plain.get("converged").asBoolean()).isTrue();
        assertThat(plain.get("objective").asDouble()).isCloseTo(0.69355, within(1e-4));
        JsonNode standardized = train(events, "--standardize");
        assertThat(standardized.get("converged").asBoolean()).isTrue();
        assertThat(standardized.get("objective").asDouble()).isCloseTo(0.69391, within(1e-4));
    }

    @Test
    void separableRowsReachTheOptimum() throws IOException {
        JsonNode fitted = train(file("apart.csv", "x,kind\n-100,a\n-90,a\n90,b\n100,b\n"));
        assertThat(fitted.get("converged").asBoolean()).isTrue();
        assertThat(fitted.get("objective").asDouble()).isCloseTo(8.498e-7, within(1e-9));
    }

    @Test
    void aColumnOfWeightsWeightsRowsAndIsNotAFeature() throws IOException {
        JsonNode weighted =
                train(file("weighted.csv", WEIGHTED), "--weights", "n", "--lambda", "0.01", "--standardize");
        JsonNode repeated = train(file("repeated.csv", REPEATED), "--lambda", "0.01", "--standardize");
        assertThat(weighted.get("objective").asDouble())
                .isCloseTo(repeated.get("objective").asDouble(), within(1e-5));
        assertThat(weighted.get("nonZeros").asInt()).isEqualTo(2);
        assertThat(Invocation.of(
                                "predict",
                                folder.resolve("m.heddle"),
                                folder.resolve("weighted.csv"),
                                "--out",
                                folder.resolve("p.csv"))
                        .code())
                .isZero();
    }

    @Test
    void classesAreWeightedByName() throws IOException {
        Path repeated = file("repeated.csv", REPEATED);
        JsonNode named = train(repeated, "--class-weight", "a=5,b=2");
        JsonNode balanced = train(repeated, "--class-weight", "balanced");
        assertThat(named.get("objective").asDouble())
                .isCloseTo(balanced.get("objective").asDouble(), within(1e-5));

        assertRefused(invoke(repeated, "--class-weight", "c=5"), "names the class 'c', but the classes are a, b");
        assertRefused(
                invoke(repeated, "--class-weight", "a=x"), "of the class 'a' must be a number, as in a=5, not 'x'");
        assertRefused(invoke(repeated, "--class-weight", "more"), "must be none, balanced or NAME=W,...");
    }

    private static void assertRefused(Invocation heddle, String part) {
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err()).contains(part);
    }
}
