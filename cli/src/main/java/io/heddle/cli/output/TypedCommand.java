package io.heddle.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Formats command lines so that a user can paste them into a shell. */
public final class TypedCommand {
    /** System property that the launcher sets to the name by which it was called. */
    static final String PROGRAM_PROPERTY = "heddle.program";

    private static final Pattern PLAIN = Pattern.compile("[\\w.:/+=,@%^-]+");
    private static final Set<String> OTHER_THAN_READING =
            Set.of("--out", "--json", "--threads", "--no-clobber", "--quiet", "--open");

    private TypedCommand() {}

    /** Returns the running command with its original arguments. */
    public static String of(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(program()));
        words.addAll(spec.commandLine().getParseResult().originalArgs());
        return text(words);
    }

    private static String program() {
        return System.getProperty(PROGRAM_PROPERTY, "heddle");
    }

    /**
     * Returns another command with the options of the running command that it also has.
     *
     * @param spec the running command
     * @param other the other command
     * @param before arguments before the options
     * @param after arguments after the options
     */
    public static String like(CommandSpec spec, CommandSpec other, List<String> before, List<String> after) {
        return like(spec, other, before, after, Set.of());
    }

    /**
     * As above, without some options.
     *
     * @param without longest names of the options to omit
     */
    public static String like(
            CommandSpec spec, CommandSpec other, List<String> before, List<String> after, Set<String> without) {
        List<String> words = new ArrayList<>(List.of(program()));
        words.addAll(before);
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (other.findOption(name) == null || OTHER_THAN_READING.contains(name) || without.contains(name)) {
                continue;
            }
            words.addAll(typed(option));
        }
        words.addAll(after);
        return text(words);
    }

    /** Returns an option as it was typed, once for each value. */
    static List<String> typed(OptionSpec option) {
        String name = option.longestName();
        if (option.arity().max() == 0) {
            return List.of(name);
        }
        return option.originalStringValues().stream()
                .flatMap(value -> Stream.of(name, value))
                .toList();
    }

    /** Returns the command line of a command of the program. */
    static String line(List<String> words) {
        return text(Stream.concat(Stream.of(program()), words.stream()).toList());
    }

    private static String text(List<String> words) {
        return words.stream().map(TypedCommand::quoted).collect(Collectors.joining(" "));
    }

    /** Returns a word quoted for a POSIX shell. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
