package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Tests that the archives of the build and the tests have the stored checksums, so that changed bytes under the same
 * name are detected. After a change of a version, the test prints the new lines.
 */
class DependencyChecksumsTest {
    private static final Path LIST = Path.of("src", "test", "resources", "io", "heddle", "cli", "dependencies.sha256");

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Heddle's own archives change with every build; natives are those of the platform. */
    private static boolean isChecked(String name) {
        return name.endsWith(".jar")
                && !name.startsWith("heddle-")
                && (!name.startsWith("pytorch-native-") || name.endsWith("-linux-x86_64.jar"));
    }

    @Test
    void everyArchiveOnTheClassPathHasTheChecksumOfTheList() throws Exception {
        Map<String, String> listed = Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(line -> line.substring(66), line -> line.substring(0, 64)));
        Map<String, String> found = new TreeMap<>();
        for (String entry : HeddleProcess.classPath().split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            if (isChecked(name)) {
                found.put(name, sha256(Path.of(entry)));
            }
        }
        String differing = found.entrySet().stream()
                .filter(file -> !file.getValue().equals(listed.get(file.getKey())))
                .map(file -> file.getValue() + "  " + file.getKey())
                .collect(Collectors.joining("\n"));
        assertThat(differing)
                .as("archives whose checksum is not in %s; if a version was changed, put these lines there", LIST)
                .isEmpty();
        assertThat(found).containsKeys("picocli-" + version("picocli") + ".jar");
    }

    /** The version of a dependency in the parent pom. */
    private static String version(String artifact) throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        String tag = "<" + artifact + ".version>";
        int at = pom.indexOf(tag) + tag.length();
        return pom.substring(at, pom.indexOf('<', at));
    }
}
