package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that the table of packages in docs/engine.md agrees with the compiled classes. */
class PackageTableTest {
    private static final String ROOT = "io.heddle";
    private static final Pattern ROW =
            Pattern.compile("^\\| `" + ROOT + "\\.?([a-z.]*)` \\| [^|]+ \\| ([a-z., –]+) \\|$", Pattern.MULTILINE);

    private static Path classes;
    private static Map<String, Set<String>> table;
    private static Map<String, Set<String>> code;

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        classes = Path.of(FloatMatrix.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        table = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(Path.of("../../docs/engine.md")))
                .results()
                .toList()) {
            Set<String> uses = Pattern.compile(", |–")
                    .splitAsStream(row.group(2))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            table.put(row.group(1), uses);
        }
        code = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter().importPath(classes)) {
            if (type.getSimpleName().equals("module-info")) {
                continue;
            }
            Set<String> uses = code.computeIfAbsent(name(type), name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT)) {
                    uses.add(name(target));
                }
            }
        }
        code.forEach((name, uses) -> uses.remove(name));
    }

    private static String name(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    @Test
    void theTableHasTheDependenciesOfTheCode() {
        assertThat(table).containsExactlyEntriesOf(code);
    }

    @Test
    void packagesHaveNoCycles() {
        Map<String, Set<String>> left = new TreeMap<>(table);
        // Removes packages without dependencies until none is left.
        while (left.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(left::containsKey))) {}
        assertThat(left).isEmpty();
    }

    @Test
    void internalPackagesAreNotExported() throws IOException {
        Set<String> exported;
        try (var file = Files.newInputStream(classes.resolve("module-info.class"))) {
            exported = ModuleDescriptor.read(file).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> open = code.keySet().stream()
                .filter(name -> !name.startsWith("internal"))
                .map(name -> name.isEmpty() ? ROOT : ROOT + "." + name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(exported).isEqualTo(open);
    }
}
