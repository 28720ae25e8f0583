package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every command in the docs, page by page, and compares what it prints with what the page says it prints.
 *
 * <p>A block of {@code console} holds commands after {@code $ heddle} and their output; {@code ...} alone on a line
 * replaces omitted lines. Numbers may differ by 5 %. Times and rates are not compared. Started with
 * {@code -Dheddle.docs.write=true}, this test writes the output into the pages instead.
 */
@Tag("slow")
class DocsTest {
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
    private static final String FENCE = "```";
    private static final String PROMPT = "$ heddle ";
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?[,%]?");
    private static final Pattern TIMED =
            Pattern.compile(".*(econds|PerSecond|per second|step|iterations|certificate|relative).*");
    private static final double NEAR = 0.05;
    // Printed by the first command on a machine that starts PyTorch, which is not always this test.
    private static final String ONCE = "Unpacking PyTorch's libraries, once";

    /** The results of the commands of each page whose data are available. */
    private static final Map<Path, List<JsonNode>> RESULTS = new HashMap<>();

    @TempDir
    static Path folder;

    /** Runs the pages in one process, because each start and its compilation take longer than most commands. */
    @BeforeAll
    static void runAll() throws IOException, InterruptedException {
        Map<Path, List<Example>> examples = new LinkedHashMap<>();
        boolean fetched = Invocation.of("data", "fetch").code() == 0;
        for (Path page : pages().toList()) {
            List<Example> onPage = examples(Files.readAllLines(page));
            if (fetched || onPage.stream().noneMatch(e -> e.command.contains("fashion-mnist"))) {
                examples.put(page, onPage);
            }
        }
        Iterator<JsonNode> results = run(examples.values()).iterator();
        examples.forEach((page, onPage) ->
                RESULTS.put(page, onPage.stream().map(e -> results.next()).toList()));
    }

    static Stream<Path> pages() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(DOCS.resolve("getting-started.md"), DOCS.resolve("data-formats.md")));
        try (Stream<Path> commands = Files.list(DOCS.resolve("commands"))) {
            commands.sorted().forEach(pages::add);
        }
        return pages.stream();
    }

    /** A command and the lines of output that the page shows. */
    private record Example(String command, List<String> shown) {}

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandPrintsWhatThePageShows(Path page) throws IOException {
        List<String> lines = Files.readAllLines(page);
        List<Example> examples = examples(lines);
        assertThat(examples).as("commands in %s", page.getFileName()).isNotEmpty();
        List<JsonNode> results = RESULTS.get(page);
        Assumptions.assumeTrue(results != null, "Fashion-MNIST is not available");
        if (Boolean.getBoolean("heddle.docs.write")) {
            Files.write(page, rewritten(lines, results));
            return;
        }
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            JsonNode result = results.get(i);
            String printed = result.get("out").asText() + result.get("err").asText();
            List<String> actual = printed.lines()
                    .filter(line -> !line.startsWith(ONCE))
                    .map(String::stripTrailing)
                    .toList();
            assertThat(agree(example.shown, actual))
                    .as(
                            "%s: heddle %s prints%n%s%nand the page shows%n%s",
                            page.getFileName(), example.command, printed, String.join("\n", example.shown))
                    .isTrue();
        }
    }

    private static List<Example> examples(List<String> lines) {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(FENCE)) {
                inside = line.equals(FENCE + "console");
            } else if (inside && line.startsWith(PROMPT)) {
                StringBuilder command = new StringBuilder(line.substring(PROMPT.length()));
                while (command.charAt(command.length() - 1) == '\\') {
                    command.setLength(command.length() - 1);
                    command.append(lines.get(++i).strip());
                }
                examples.add(new Example(command.toString(), new ArrayList<>()));
            } else if (inside && !examples.isEmpty()) {
                examples.getLast().shown.add(line.stripTrailing());
            }
        }
        return examples;
    }

    /** The results of all commands, page by page. An empty line before the commands of a page separates pages. */
    private static List<JsonNode> run(Collection<List<Example>> pages) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (List<Example> page : pages) {
            lines.add("");
            page.forEach(example -> lines.add(example.command));
        }
        Path input = Files.write(Files.createTempFile("heddle-docs", ".txt"), lines);
        Path output = Files.createTempFile("heddle-docs", ".json");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx768m"));
            command.addAll(HeddleProcess.LATE_COMPILER);
            command.addAll(List.of("-cp", HeddleProcess.classPath(), DocsShell.class.getName()));
            command.add(DOCS.resolve("examples").toString());
            int exit = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
            ObjectMapper json = new ObjectMapper();
            List<JsonNode> results = new ArrayList<>();
            for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
                results.add(json.readTree(line));
            }
            assertThat(results).hasSize(lines.size() - pages.size());
            return results;
        } finally {
            Files.delete(input);
            Files.delete(output);
        }
    }

    /** Returns whether the lines agree with the shown ones, except for omitted lines and times. */
    private static boolean agree(List<String> shown, List<String> actual) {
        int at = 0;
        boolean skipping = false;
        for (String line : shown) {
            if (line.equals("...")) {
                skipping = true;
                continue;
            }
            while (skipping && at < actual.size() && !agree(line, actual.get(at))) {
                at++;
            }
            if (at >= actual.size() || !agree(line, actual.get(at))) {
                return false;
            }
            skipping = false;
            at++;
        }
        return skipping || at == actual.size();
    }

    private static boolean agree(String shown, String actual) {
        String[] words = shown.strip().split("\\s+");
        String[] found = actual.strip().split("\\s+");
        boolean timed = TIMED.matcher(shown).matches();
        if (words.length != found.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            boolean numbers = NUMBER.matcher(words[i]).matches()
                    && NUMBER.matcher(found[i]).matches();
            if (numbers ? !timed && !near(words[i], found[i]) : !words[i].equals(found[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean near(String a, String b) {
        double x = Double.parseDouble(a.replaceAll("[,%]$", ""));
        double y = Double.parseDouble(b.replaceAll("[,%]$", ""));
        return Math.abs(x - y) <= NEAR * Math.max(Math.abs(x), Math.abs(y));
    }

    /** The page with the output of the current runs. */
    private static List<String> rewritten(List<String> lines, List<JsonNode> results) {
        List<String> page = new ArrayList<>();
        boolean inside = false;
        int next = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(FENCE)) {
                inside = line.equals(FENCE + "console");
            }
            if (!inside || line.startsWith(FENCE)) {
                page.add(line);
            } else if (line.startsWith(PROMPT)) {
                page.add(line);
                while (lines.get(i).endsWith("\\")) {
                    page.add(lines.get(++i));
                }
                JsonNode result = results.get(next++);
                (result.get("out").asText() + result.get("err").asText())
                        .lines()
                        .map(String::stripTrailing)
                        .forEach(page::add);
            }
        }
        return page;
    }
}
