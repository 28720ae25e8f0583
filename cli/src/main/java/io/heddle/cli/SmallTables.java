package io.heddle.cli;

import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/**
 * Chooses the kernels of a process. A command on a small table ends before Java has compiled the kernels in vectors,
 * and until then these take longer than plain loops: 3.5 to 4.2 s of CPU instead of 2.1 to 2.6 for 5,000 rows of 20
 * columns. The choice depends on the files only, so the same command gives the same bits.
 */
final class SmallTables {
    private static final String PROPERTY = "heddle.kernels";
    /** Commands of one fit or prediction, without images. Cross-validation fits until vectors are faster. */
    private static final Set<String> COMMANDS = Set.of(
            "heddle train",
            "heddle predict",
            "heddle logistic train",
            "heddle logistic predict",
            "heddle pca fit",
            "heddle pca transform",
            "heddle kmeans fit",
            "heddle kmeans predict");

    private static final long FEW_BYTES = 1_000_000;
    /** Arrays may be images for the encoder of a model. */
    private static final List<String> ENDINGS = List.of(".csv", ".tsv", ".txt", ".heddle");

    private SmallTables() {}

    /** Sets the property of the engine, unless the user has set it. To be called before the engine is used. */
    static void chooseKernels(ParseResult parsed) {
        if (System.getProperty(PROPERTY) == null && areAll(parsed)) {
            System.setProperty(PROPERTY, "plain");
        }
    }

    /** Returns whether a command reads only small tables and models. */
    static boolean areAll(ParseResult parsed) {
        ParseResult command = parsed;
        while (command.hasSubcommand()) {
            command = command.subcommand();
        }
        if (!COMMANDS.contains(command.commandSpec().qualifiedName())) {
            return false;
        }
        List<String> data = words(command.matchedPositionals());
        List<String> options = words(command.matchedOptions());
        // A model that the command replaces counts too, which does no harm.
        long bytes = Stream.concat(data.stream(), options.stream())
                .map(SmallTables::file)
                .flatMap(Optional::stream)
                .mapToLong(File::length)
                .sum();
        return !data.isEmpty() && data.stream().allMatch(SmallTables::isTable) && bytes <= FEW_BYTES;
    }

    private static List<String> words(List<? extends ArgSpec> arguments) {
        return arguments.stream()
                .flatMap(argument -> argument.originalStringValues().stream())
                .toList();
    }

    private static boolean isTable(String word) {
        return ENDINGS.stream().anyMatch(word.toLowerCase(Locale.ROOT)::endsWith)
                && file(word).isPresent();
    }

    private static Optional<File> file(String word) {
        return Optional.of(new File(word)).filter(File::isFile);
    }
}
