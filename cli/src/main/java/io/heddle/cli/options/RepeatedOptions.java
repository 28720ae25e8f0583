package io.heddle.cli.options;

import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of {@code audit} and {@code group} that their {@code apply} also accepts. They have no effect on
 * {@code apply}, except that it repeats them in the command that it proposes.
 */
public final class RepeatedOptions {
    private static final String APPLY = "apply";

    private RepeatedOptions() {}

    /**
     * Adds them to every {@code apply} as hidden options.
     *
     * @param line command line of the program with its commands
     */
    public static void addTo(CommandLine line) {
        for (CommandLine command : line.getSubcommands().values()) {
            CommandLine apply = command.getSubcommands().get(APPLY);
            if (apply != null) {
                add(command.getCommandSpec(), apply.getCommandSpec());
            }
        }
    }

    private static void add(CommandSpec command, CommandSpec apply) {
        for (OptionSpec option : command.options()) {
            String[] names = Stream.of(option.names())
                    .filter(name -> apply.findOption(name) == null)
                    .toArray(String[]::new);
            if (Arrays.asList(names).contains(option.longestName())) {
                apply.addOption(
                        OptionSpec.builder(option).names(names).hidden(true).build());
            }
        }
    }
}
