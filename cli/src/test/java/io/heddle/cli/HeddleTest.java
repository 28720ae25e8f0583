package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeddleTest {
    @Test
    void tellsItsVersionOnOneLine() {
        Invocation heddle = Invocation.of("--version");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.out()).matches("heddle \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
        assertThat(heddle.err()).isEmpty();
    }

    @Test
    void helpShowsExamplesWithinEightyColumns() {
        for (String[] words : new String[][] {{"--help"}, {"run", "--help"}}) {
            Invocation heddle = Invocation.of((Object[]) words);

            assertThat(heddle.code()).isZero();
            assertThat(heddle.out()).contains("Examples:", "heddle run --sample 3000");
            assertThat(heddle.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                         | command is missing  | heddle --help",
                "weave                    | 'weave'             | heddle --help",
                "run --sampel 3000        | --sampel            | --sample",
                "run --sample many        | 'many'              | heddle run --help",
                "run --sample             | --sample            | heddle run --help",
                "run --precision float16  | 'float16'           | BFLOAT16",
                "run --seed 0x1           | '0x1'               | heddle run --help",
                "run extra                | 'extra'             | heddle run --help",
            })
    void answersAWrongLineWithOneSentenceAndAHint(String line, String names, String hint) {
        Invocation heddle = line == null ? Invocation.of() : Invocation.of((Object[]) line.split(" "));

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .startsWith("heddle: ")
                .contains(names, hint);
    }
}
