package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads files that NumPy wrote (src/test/python/make_arrays.py). */
class NpyLabelsTest {
    private static Path file(String name) {
        try {
            return Path.of(NpyLabelsTest.class.getResource(name + ".npy").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "labels-int64, 3|-1|1099511627776",
        "labels-uint8, 0|255|7",
        "labels-uint64, 1|18446744073709551615",
        "labels-column, 3|1|3",
        "labels-float64, 2|-1|9007199254740992",
        "labels-bytes, ash|\u00e4sp|oak tree",
        "labels-unicode, ash|\u00e4sp|oak \ud83c\udf33",
        "labels-unicode-big-endian, ash|\u00e4sp|oak \ud83c\udf33",
    })
    void readsLabelsOfEveryKind(String name, String expected) throws IOException {
        try (NpyLabels labels = NpyLabels.open(file(name))) {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < labels.size(); i++) {
                found.add(labels.get(i));
            }
            assertThat(found).containsExactly(expected.split("\\|"));
            assertThatThrownBy(() -> labels.get(labels.size())).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "labels-fractions, the label of row 1 is 0.5",
        "labels-nan, the label of row 1 is NaN",
        "labels-empty, the label of row 1 is empty",
        "labels-latin, the label of row 0 is not valid UTF-8",
        "float32-c, an array of 5 x 3; labels must be one column",
        "scalar, an array of a single element; labels",
        "complex, <c16",
        "objects, never unpickles",
    })
    void refusesInvalidLabels(String name, String reason) {
        assertThatThrownBy(() -> {
                    try (NpyLabels labels = NpyLabels.open(file(name))) {
                        for (int i = 0; i < labels.size(); i++) {
                            labels.get(i);
                        }
                    }
                })
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(name + ".npy")
                .hasMessageContaining(reason);
    }

    @Test
    void readsMemoryOfTheCallerAndIsClosedTwice() throws IOException {
        byte[] content = Files.readAllBytes(file("labels-column"));
        NpyLabels labels = NpyLabels.wrap(MemorySegment.ofArray(content), "archive, array y");

        assertThat(labels.get(2)).isEqualTo("3");
        labels.close();
        labels.close();
        assertThatThrownBy(() -> NpyLabels.wrap(MemorySegment.ofArray(new byte[3]), "archive, array y"))
                .hasMessageContaining("archive, array y");
    }
}
