package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the refusal of rows that end with a separator, unlike the header. */
class TrailingSeparatorTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a,b/1,2,/3,4,   ! line 2 ends with a separator, which makes 3 fields where line 1 has 2; delete",
                "a,b/1,2/3,4,    ! line 3 ends with a separator, which makes 3 fields where line 1 has 2; delete",
                "a,b/1,2/3,4,5   ! line 3 has 3 fields where line 1 has 2",
                "a,b/1,2/3,4,,   ! line 3 has 4 fields where line 1 has 2"
            })
    void aSeparatorAtTheEndIsNamed(String lines, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), lines.strip().replace('/', '\n') + "\n");
        DataOptions commas = DataOptions.defaults().withSeparator(',');
        assertThatThrownBy(() -> DataSource.open(file.toString(), commas, note -> {}))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(message.strip());
    }
}
