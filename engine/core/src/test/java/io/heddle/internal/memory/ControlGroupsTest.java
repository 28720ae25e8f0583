package io.heddle.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
    private static final String NONE_V1 = "9223372036854771712";

    @TempDir
    Path root;

    private void version2(String group, String limit, long taken, long droppable) throws IOException {
        Path folder = Files.createDirectories(root.resolve(group));
        Files.writeString(folder.resolve("memory.max"), limit + "\n");
        Files.writeString(folder.resolve("memory.current"), taken + "\n");
        Files.writeString(
                folder.resolve("memory.stat"), "anon 300000\nactive_file 7\ninactive_file " + droppable + "\n");
    }

    private void version1(String group, String limit, long taken, long droppable) throws IOException {
        Path folder = Files.createDirectories(root.resolve("memory").resolve(group));
        Files.writeString(folder.resolve("memory.limit_in_bytes"), limit + "\n");
        Files.writeString(folder.resolve("memory.usage_in_bytes"), taken + "\n");
        Files.writeString(
                folder.resolve("memory.stat"),
                "cache 9\ninactive_file 3\ntotal_active_file 5\ntotal_inactive_file " + droppable + "\n");
    }

    private long free(String... groups) throws IOException {
        return ControlGroups.free(root, List.of(groups));
    }

    @Test
    void withoutGroupsOrLimitsThereIsNoLimit() throws IOException {
        assertThat(free()).isEqualTo(Long.MAX_VALUE);
        assertThat(free("0::/", "4:memory:/a", "not a group")).isEqualTo(Long.MAX_VALUE);
        version2("", "max", 400_000, 50_000);
        version1("", NONE_V1, 400_000, 50_000);
        assertThat(free("0::/", "4:memory:/")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void countsMemoryThatAContainerUsesAlready() throws IOException {
        version2("", "600000", 400_000, 50_000);
        assertThat(free("0::/")).isEqualTo(250_000);
        // The path of the process is that of the host, as in a container.
        assertThat(free("0::/../docker/0265")).isEqualTo(250_000);
        version2("", "300000", 400_000, 50_000);
        assertThat(free()).isZero();
    }

    @Test
    void readsVersion1Too() throws IOException {
        version1("", NONE_V1, 900_000, 0);
        version1("docker/0265", "600000", 400_000, 50_000);
        assertThat(free("3:cpuset:/", "4:cpu,memory:/docker/0265", "0::/")).isEqualTo(250_000);
        version1("", "500000", 450_000, 20_000);
        assertThat(free()).isEqualTo(70_000);
    }

    @Test
    void theLowestLimitOfTheParentGroupsCounts() throws IOException {
        version2("user.slice", "500000", 450_000, 0);
        version2("user.slice/session", "max", 100_000, 0);
        version2("user.slice/session/one", "400000", 100_000, 0);
        assertThat(free("0::/user.slice/session/one")).isEqualTo(50_000);
        version2("user.slice", "900000", 450_000, 0);
        assertThat(free("0::/user.slice/session/one")).isEqualTo(300_000);
        assertThat(free("0::/user.slice/session")).isEqualTo(450_000);
        assertThat(free("0::/other")).isEqualTo(Long.MAX_VALUE);
    }
}
