package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the notes about numbers with units and dates that are read as text. */
class OtherNotationsTest {
    private static final DataOptions PLAIN = DataOptions.defaults().withSeparator(';');

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "$5 $1234.5 $7 ! numbers with other characters, such as '$5'",
                "5% 12,5% 7%   ! numbers with other characters, such as '5%'",
                "5kg 1kg 7kg   ! numbers with other characters, such as '5kg'",
                "5kg 1mg 7kg   !",
                "A5 A1 A7      !",
                "31.12.2023 1.1.2024 2.1.2024 ! its fields are like the date '31.12.2023'",
                "12/31/23 01/01/24 01/02/24   ! its fields are like the date '12/31/23'",
                "2023/12/31 2024/01/01 2024/1/2 ! its fields are like the date '2023/12/31'",
                "(3.2) 1.5 4    ! numbers, but some in a notation such as '(3.2)'; write numbers like -3.2",
                "3.2 1,5- 4     ! numbers, but some in a notation such as '1,5-'",
                "3.2 \u22121.5 4 ! numbers, but some in a notation such as '\u22121.5'",
                "3.2 <1.5 4     ! it holds limits such as '<1.5' beside numbers, and its values are categories",
                "<20 30 >40 25 ! it holds limits such as '<20' beside numbers, and its values are categories; write numbers for limits",
                "=\"3.2\" =\"1\"  ! numbers, but some in a notation such as '=\"3.2\"'",
                "2023-01 2023-12  ! its fields are like the date '2023-01'",
                "2023-01 2023-13  !",
                "2008-09 2009-10 2010-11 !",
                "2008-09 2009-11 ! its fields are like the date '2008-09'",
                "001_001 001_002 2_001 !",
                "1_000 1_001 20  ! numbers, but some in a notation such as '1_000'",
                "0x1f 0xA0       ! numbers, but some in a notation such as '0x1f'",
                "1.5D+01 1.2D-3  ! numbers, but some in a notation such as '1.5D+01'",
                "1,20,000 1,000  ! numbers, but some in a notation such as '1,20,000'",
                "\uff11\uff12 \uff13 ! numbers, but some in a notation such as '\uff11\uff12'",
                "5\" 7\" 1.5\"   ! numbers with other characters, such as '5\"'",
                "1D2 2D10        !",
                "1.2.3 1.2.4     !",
                "12_3 14_5       !",
                "13:05 9:10     ! times or durations such as '13:05'",
                "1:13:05 0:09:10.5 ! times or durations such as '1:13:05'",
                "1-2 3-4 5      !",
                "(a) 1 2        !",
                "1/2 1/3 2/3   !"
            })
    void reportsTextInNotationsThatAreNotRead(String fields, String note) throws IOException {
        Path file = Files.writeString(
                folder.resolve("t.csv"), "a;b\n" + fields.strip().replace(" ", ";x\n") + ";y\n");
        DataSource.open(file.toString(), PLAIN, notes::add).close();
        if (note == null) {
            assertThat(notes).noneMatch(line -> line.contains("its fields"));
        } else {
            assertThat(notes)
                    .singleElement()
                    .asString()
                    .contains("column 'a' is read as text: ")
                    .contains(note);
        }
        notes.clear();
        Map<String, Column.Kind> categories = Map.of("a", Column.Kind.CATEGORY);
        DataSource.open(file.toString(), PLAIN.withRoles(ColumnRoles.none().withKinds(categories)), notes::add)
                .close();
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "1 2 -          ! it holds '-' beside numbers (--missing-text '-' reads it as missing)",
                "1 2 -- .. 1 NA ! it holds '--, ..' beside numbers (--missing-text '\"--\"' --missing-text '..' --missing-text 'NA' reads them as missing)",
                "1 2 3 n.a.     ! it holds 'n.a.' beside numbers (--missing-text 'n.a.'",
                "1 2 3 4 n'a    ! it holds 'n'a' beside numbers (its values are categories; if it means that a number is missing, --missing-text 'n'\\''a' reads numbers)",
                "1 2 #DIV/0¡    ! it holds '#DIV/0!' beside numbers",
                "1 2 3 4 x      ! it holds 'x' beside numbers (its values are categories; if it means that a number is missing, --missing-text 'x' reads numbers)",
                "K 1 2 3 4 5    ! it holds 'K' beside numbers (its values are categories; if it means",
                "1 2 3 x        !",
                "1 2 3 4 5 x y  !",
                "1 -            !",
                "- . * / + =    !"
            })
    void reportsFewMarksBesideNumbers(String fields, String note) throws IOException {
        Path file = Files.writeString(
                folder.resolve("t.csv"),
                "a;b\n" + fields.strip().replace('¡', '!').replace(" ", ";x\n") + ";y\n");
        DataSource.open(file.toString(), PLAIN, notes::add).close();
        if (note == null) {
            assertThat(notes).noneMatch(line -> line.contains("beside numbers"));
        } else {
            assertThat(notes).filteredOn(line -> line.contains(note)).hasSize(1);
        }
    }

    /** Excel and pandas write these. */
    @Test
    void wordsOfOtherProgramsAreMissingNumbers() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "a;b\n1;#N/A\n<NA>;2\n3;4\n");
        try (DataSource data = DataSource.open(file.toString(), PLAIN, notes::add)) {
            assertThat(data.table().orElseThrow().columns()).containsExactly(Column.number("a"), Column.number("b"));
            assertThat(data.table().orElseThrow().value(1, 0)).isNaN();
        }
    }
}
