package io.heddle.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Command lines as a user has typed them or can paste them into a shell. */
public final class TypedCommand {
    /** Set by the launcher to the name that it was called by. */
    static final String PROGRAM_PROPERTY = "heddle.program";

    private static final Pattern PLAIN = Pattern.compile("[\\w.:/+=,@%^-]+");
    private static final Set<String> NOT_READING =
            Set.of("--out", "--json", "--threads", "--no-clobber", "--quiet", "--open");

    private TypedCommand() {}

    /** The command that runs, word by word. */
    public static String of(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(program()));
        words.addAll(spec.commandLine().getParseResult().originalArgs());
        return text(words);
    }

    private static String program() {
        return System.getProperty(PROGRAM_PROPERTY, "heddle");
    }

    /**
     * Another command for the same data.
     *
     * @param spec of the command that runs
     * @param other the command whose options are taken over where they were given
     * @param before words before the options
     * @param after words after the options
     */
    public static String like(CommandSpec spec, CommandSpec other, List<String> before, List<String> after) {
        return like(spec, other, before, after, Set.of());
    }

    /**
     * As above, without some options.
     *
     * @param without longest names of these options
     */
    public static String like(
            CommandSpec spec, CommandSpec other, List<String> before, List<String> after, Set<String> without) {
        List<String> words = new ArrayList<>(List.of(program()));
        words.addAll(before);
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (other.findOption(name) == null || NOT_READING.contains(name) || without.contains(name)) {
                continue;
            }
            words.addAll(typed(option));
        }
        words.addAll(after);
        return text(words);
    }

    /** An option as it was given, once for each value. */
    static List<String> typed(OptionSpec option) {
        String name = option.longestName();
        if (option.arity().max() == 0) {
            return List.of(name);
        }
        return option.originalStringValues().stream()
                .flatMap(value -> Stream.of(name, value))
                .toList();
    }

    /** A command of the program. */
    static String line(List<String> words) {
        return text(Stream.concat(Stream.of(program()), words.stream()).toList());
    }

    private static String text(List<String> words) {
        return words.stream().map(TypedCommand::quoted).collect(Collectors.joining(" "));
    }

    /** A word as a POSIX shell takes it. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
