package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that no two top-level types of the project have the same simple name, in any module, tests included. A reader
 * who sees a name then knows the type. There are no exceptions.
 */
class UniqueNamesTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern TYPE =
            Pattern.compile("^(?:[a-z-]+ )*(?:class|interface|record|enum|@interface) (\\w+)", Pattern.MULTILINE);

    @Test
    void topLevelTypesHaveUniqueNames() throws IOException {
        Map<String, List<String>> places = new TreeMap<>();
        for (String folder : List.of("engine", "cli", "bench")) {
            try (Stream<Path> all = Files.find(ROOT.resolve(folder), 20, (file, a) -> isSource(file))) {
                for (Path file : all.toList()) {
                    Matcher type = TYPE.matcher(Files.readString(file));
                    while (type.find()) {
                        places.computeIfAbsent(type.group(1), name -> new ArrayList<>())
                                .add(ROOT.relativize(file).toString());
                    }
                }
            }
        }
        assertThat(places).hasSizeGreaterThan(800).containsKeys("LogisticModel", "HeddleCommand", "UniqueNamesTest");
        places.values().removeIf(files -> files.size() == 1);
        assertThat(places).as("types of one name").isEmpty();
    }

    private static boolean isSource(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
    }
}
