package io.heddle.cli;

import io.heddle.data.rows.NearestWord;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The error message for a first argument that is not a command. It suggests the nearest command. */
final class UnknownCommand {
    /** Command names of other programs, and the equivalent commands of Heddle. */
    private static final Map<String, String> OTHER_WORDS = new LinkedHashMap<>();

    static {
        for (String word : new String[] {"cluster", "clusters", "clustering", "sort"}) {
            OTHER_WORDS.put(word, "group");
        }
        for (String word : new String[] {"classify", "fit", "learn", "regress"}) {
            OTHER_WORDS.put(word, "train");
        }
        for (String word : new String[] {"search", "find", "neighbors", "neighbours", "query", "dedupe"}) {
            OTHER_WORDS.put(word, "similar");
        }
        for (String word : new String[] {"clean", "check", "review", "validate", "lint"}) {
            OTHER_WORDS.put(word, "audit");
        }
        for (String word : new String[] {"info", "head", "describe", "cat"}) {
            OTHER_WORDS.put(word, "data info");
        }
        OTHER_WORDS.put("convert", "data convert");
        OTHER_WORDS.put("fetch", "data fetch");
        OTHER_WORDS.put("download", "data fetch");
        OTHER_WORDS.put("apply", "audit apply");
        OTHER_WORDS.put("show", "inspect");
        OTHER_WORDS.put("embed", "features");
        OTHER_WORDS.put("encode", "features");
        OTHER_WORDS.put("score", "predict");
        OTHER_WORDS.put("study", "run");
        OTHER_WORDS.put("start", "run");
    }

    private UnknownCommand() {}

    /**
     * Returns the message, one sentence.
     *
     * @param word the first argument
     * @param commands names of all commands
     */
    static String sentence(String word, Collection<String> commands) {
        if (isPath(word)) {
            return "'%s' is a path, and a command is missing: heddle data info %s shows its content (see heddle --help)"
                    .formatted(word, word);
        }
        String meant = OTHER_WORDS.get(word.toLowerCase(Locale.ROOT));
        if (meant != null) {
            return "'%s' is not a command: heddle %s does that (see heddle help %s)".formatted(word, meant, meant);
        }
        return NearestWord.to(word, commands)
                .map(near -> "'%s' is not a command. Did you mean %s? (see heddle help %s)".formatted(word, near, near))
                .orElse("'%s' is not a command (see heddle --help)".formatted(word));
    }

    private static boolean isPath(String word) {
        try {
            return Files.exists(Path.of(word))
                    || word.matches("(?i).+\\.(csv|tsv|parquet|npy|npz|idx)(\\.gz|\\.zip|\\.zst)?");
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
