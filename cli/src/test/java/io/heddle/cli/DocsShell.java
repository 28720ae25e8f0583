package io.heddle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads command lines from standard input, runs them sequentially in this process, and prints the result of each as a
 * line of JSON, for {@link DocsTest}. An empty line starts a page: the working folder then contains copies of the files
 * in the folder of args[0] and nothing else.
 */
final class DocsShell {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private DocsShell() {}

    public static void main(String[] args) throws IOException {
        java.util.Locale.setDefault(java.util.Locale.ROOT);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    startPage(Path.of("").toAbsolutePath(), Path.of(args[0]));
                    continue;
                }
                Invocation heddle = Invocation.of(words(line).toArray());
                ObjectNode node = JSON.createObjectNode()
                        .put("code", heddle.code())
                        .put("out", heddle.out())
                        .put("err", String.join("\n", heddle.errorsBesideProgress()));
                System.out.println(JSON.writeValueAsString(node));
            }
        }
    }

    private static void startPage(Path folder, Path examples) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(p -> !p.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(path);
            }
        }
        try (Stream<Path> files = Files.list(examples)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private static List<Object> words(String line) {
        List<Object> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }
}
