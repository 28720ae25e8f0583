package io.heddle.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class JvmTableTest {
    /** A few rows of the table, on data so small that even the interpreter is done soon. */
    @Test
    void collectorsThreadsAndCompilersGiveTheSameBits() throws Exception {
        String program = ProcessHandle.current().info().command().orElseThrow();
        Map<String, String> hashes = new LinkedHashMap<>();
        List<String> shown = List.of("G1", "Serial", "64 threads", "C1 alone", "128 bits, 7 threads");
        for (JvmTable.Setting setting : JvmTable.settings()) {
            if (shown.contains(setting.name())) {
                assertThat(JvmTable.run(program, setting, "90x12x3", hashes))
                        .as(setting.name())
                        .isTrue();
            }
        }
        assertThat(hashes.keySet()).contains("90x12x3 4 ").hasSizeBetween(1, 2);
    }
}
