package io.heddle.cli.output;

import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.DataFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The next step after a command, usually another command with the written file. {@code group}, {@code audit} and their
 * {@code apply} print their own next steps, which depend on the result.
 */
final class NextStep {
    private static final Set<String> READING = Stream.of(new DataFlags(), new ColumnFlags())
            .flatMap(flags -> CommandSpec.forAnnotatedObject(flags).options().stream())
            .map(OptionSpec::longestName)
            .collect(Collectors.toSet());

    private final ParseResult command;

    private NextStep(ParseResult command) {
        this.command = command;
    }

    /** Returns the line; empty if there is no next step, or the command prints its own. */
    static Optional<String> after(ParseResult command) {
        return new NextStep(command).line().map(step -> "Next: " + step);
    }

    private Optional<String> line() {
        String name = command.commandSpec().qualifiedName(" ").replaceFirst("^\\S+ ?", "");
        return switch (name) {
            case "run", "similar" ->
                command.hasMatchedOption("--open")
                        ? Optional.empty()
                        : Optional.of("open %s/index.html in a browser; --open does that".formatted(value("--out")));
            case "train", "logistic train" -> heddle("predict", value("--model"), "DATA", "--out", "predicted.csv");
            case "logistic cv" ->
                given("--model")
                        ? heddle("predict", value("--model"), "DATA", "--out", "predicted.csv")
                        : Optional.of("the same command with --model FILE, which writes the model of the best penalty");
            case "logistic path" -> reading(List.of("logistic", "cv", place(0)), List.of());
            case "logistic predict" ->
                given("--out")
                        ? heddle("inspect", place(0))
                        : Optional.of("the same command with --out FILE.csv, which writes the predictions");
            case "predict", "kmeans predict" -> heddle("inspect", place(0));
            case "kmeans fit" -> heddle("kmeans", "predict", value("--model"), "DATA", "--out", "clusters.csv");
            case "pca fit" -> heddle("pca", "transform", value("--model"), "DATA", "--out", "components.npy");
            case "pca transform", "features" -> heddle("group", value("--out"));
            case "inspect" -> heddle("predict", place(0), "DATA", "--out", "predicted.csv");
            case "data info" ->
                given("--label") || given("--labels")
                        ? reading(List.of("train", place(0)), List.of("--model", "model.heddle"))
                        : reading(List.of("group", place(0)), List.of());
            case "data convert" -> heddle("data", "info", place(1));
            case "data fetch" -> heddle("run");
            case "export onnx" -> Optional.of("load %s with ONNX Runtime".formatted(place(1)));
            case "import onnx" ->
                "encoder".equalsIgnoreCase(value("--as"))
                        ? heddle("group", "PHOTOS", "--encoder", place(1))
                        : heddle("predict", place(1), "DATA", "--out", "predicted.csv");
            case "encoder train" -> reading(List.of("group", place(0)), List.of("--encoder", value("--out")));
            case "encoder show" -> heddle("features", "PHOTOS", "--encoder", place(0), "--out", "features.npy");
            default -> Optional.empty();
        };
    }

    private static Optional<String> heddle(String... words) {
        return Optional.of(TypedCommand.line(List.of(words)));
    }

    /** Returns a command that reads the same data with the same options. */
    private Optional<String> reading(List<String> before, List<String> after) {
        List<String> words = new ArrayList<>(before);
        for (OptionSpec option : command.matchedOptions()) {
            if (READING.contains(option.longestName())) {
                words.addAll(TypedCommand.typed(option));
            }
        }
        words.addAll(after);
        return Optional.of(TypedCommand.line(words));
    }

    private boolean given(String option) {
        return command.hasMatchedOption(option);
    }

    /** Returns the typed value of an option, or its default. */
    private String value(String name) {
        OptionSpec option = command.commandSpec().findOption(name);
        return option.stringValues().isEmpty()
                ? String.valueOf(option.defaultValue())
                : option.stringValues().getFirst();
    }

    private String place(int index) {
        return command.commandSpec()
                .positionalParameters()
                .get(index)
                .stringValues()
                .getFirst();
    }
}
