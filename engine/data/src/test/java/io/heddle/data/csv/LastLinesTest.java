package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the notes about lines of totals and footnotes below a table. */
class LastLinesTest {
    private static final String ROWS = "kind,a,b\nx,1,2.5\ny,3,0.5\nx,4,1.25\ny,2,\nx,2,1\n";
    private static final String ADVICE = " and is read as a row; if it is a line of totals or a footnote, delete it";

    private static final String SEVERAL = "; if they are lines of totals or footnotes, delete them";

    @TempDir
    Path folder;

    private List<String> notes(String text, DataOptions options) throws IOException {
        List<String> notes = new ArrayList<>();
        Path file = Files.writeString(folder.resolve("t.csv"), text);
        DataSource.open(file.toString(), options, notes::add).close();
        return notes.stream()
                .filter(note -> note.endsWith(ADVICE) || note.endsWith(SEVERAL))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "Total,,        ! has only the text 'Total'",
                "Total,12,5.25  ! has the text 'Total'",
                "Grand Total:,, ! has only the text 'Grand Total:'",
                "Summe,12,      ! has the text 'Summe'",
                "\u5408\u8a08,1,2  ! has the text '\u5408\u8a08'",
                "'Source: me',, ! has only the text ''Source: me''",
                ",12,5.25       ! has the sums of the other rows",
                ",,             ! has no value",
                ",12,           ! has only one value",
                "y,12,5         !",
                "y,12,5.25      ! has the sums of the other rows",
                "z,12,5         !",
                "x,,            ! has only one value",
                "Mean,2.4,1.3   ! has the text 'Mean'",
                "Mittelwert,2,1 ! has the text 'Mittelwert'",
                "Average,2.4,1.31 ! has the text 'Average'",
                "Average,4,1    !",
                "Max,4,2.5      ! has the text 'Max'",
                "Max,3,2.5      !",
                "Min,1,0.5      ! has the text 'Min'",
                "Media,2,1      !",
                "Source: me,1,2 ! has the text 'Source: me'",
                "Totalled,1,    !"
            })
    void aLastLineThatIsNoRowIsNamed(String last, String what) throws IOException {
        String text = ROWS + last.strip() + "\n\n";
        Path file = folder.resolve("t.csv");
        if (what == null) {
            assertThat(notes(text, DataOptions.defaults())).isEmpty();
        } else {
            assertThat(notes(text, DataOptions.defaults())).containsExactly(file + ", line 7 " + what.strip() + ADVICE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "Total,12,5.25;Average,2.4,1.3 ! lines 7 to 8 are read as rows: line 7 has the text 'Total', line 8 has the text 'Average'",
                "Total,12,5.25;Max,4,2.5;SD,1,1 ! lines 7 to 9 are read as rows: line 7 has the text 'Total', line 8 has the text 'Max', line 9 has the text 'SD'",
                ",12,5.25;Median,2,1 ! lines 7 to 8 are read as rows: line 7 has the sums of the other rows, line 8 has the text 'Median'",
                "Made in 2024,,;by me,, ! lines 7 to 8 are read as rows: line 7 has only the text 'Made in 2024', line 8 has only the text 'by me'",
                "Sum,12,;,,;Note: no y,,;a,,;b,, ! lines 7 to 11 are read as rows: line 7 has the text 'Sum', line 8 has no value, line 9 has only the text 'Note: no y', line 10 has only the text 'a', ...",
                "x,,;z,,;y,1,2;Made in 2024,, !",
                "a,,;y,1,2;b,,;c,, !",
                "Otto,1,2;Max,5,1;SD,3,1 !"
            })
    void severalLastLinesAreNamed(String last, String what) throws IOException {
        String text = ROWS + last.strip().replace(';', '\n') + "\n";
        Path file = folder.resolve("t.csv");
        if (what == null) {
            assertThat(notes(text, DataOptions.defaults())).isEmpty();
        } else {
            assertThat(notes(text, DataOptions.defaults())).containsExactly(file + ", " + what.strip() + SEVERAL);
        }
    }

    @Test
    void labelsAndIdsAreTexts() throws IOException {
        DataOptions labelled = DataOptions.defaults().withLabel("kind");
        assertThat(notes(ROWS + "Total,,\n", labelled))
                .singleElement()
                .asString()
                .contains("only the text 'Total'");
        DataOptions named = DataOptions.defaults();
        named = named.withRoles(named.roles().withId(Optional.of("kind")));
        assertThat(notes(ROWS + "Total,12,\n", named))
                .singleElement()
                .asString()
                .contains("has the text 'Total'");
        assertThat(notes(ROWS, labelled)).isEmpty();
        assertThat(notes(ROWS, named)).isEmpty();
    }

    @Test
    void otherTablesHaveNoNote() throws IOException {
        assertThat(notes("kind,a,b\nTotal,1,2\nTotal,2,3\nTotal,2,4\nTotal,5,2\n", DataOptions.defaults()))
                .isEmpty();
        assertThat(notes("a,b,c\n1,,\n2,2,2\n3,,\n,5,4\n,,4\n", DataOptions.defaults()))
                .isEmpty();
        assertThat(notes("a,b,c\n0,0,1\n1,0,0\n0,1,0\n1,0,0\n2,1,1\n", DataOptions.defaults()))
                .isEmpty();
    }

    @Test
    void aNoteIsOneLineOfLimitedLength() throws IOException {
        String footnote = "Source: \r\nthe\tcity" + ", and others".repeat(40);
        assertThat(notes(ROWS + '"' + footnote + "\",,\n", DataOptions.defaults()))
                .containsExactly(folder.resolve("t.csv")
                        + ", line 7 has only the text 'Source: the city, and others, and others, and others, and ot...'"
                        + ADVICE);
    }
}
