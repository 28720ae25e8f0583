package io.heddle.cli;

import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.report.Documentation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Formats the help of a command. Many options are shown in groups. */
final class HelpLayout {
    private static final int FEW = 9;
    private static final String METHOD = "Method";
    private static final Set<String> OUTPUT = Set.of(
            "--out",
            "--json",
            "--plot",
            "--onnx",
            "--model",
            "--no-clobber",
            "--quiet",
            "--open",
            "--dry-run",
            "--in-place");
    private static final Set<String> GENERAL = Set.of("--help", "--version", "--threads");
    private static final Set<String> INPUT = Stream.of(new DataFlags(), new ColumnFlags())
            .flatMap(flags -> CommandSpec.forAnnotatedObject(flags).options().stream())
            .map(OptionSpec::longestName)
            .collect(Collectors.toSet());

    private HelpLayout() {}

    static void addTo(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpLayout::footer);
        line.getSubcommands().values().forEach(HelpLayout::addTo);
    }

    /** Returns the examples and the page of the documentation. */
    private static String footer(Help help) {
        String page = docs(help.commandSpec());
        return page.isEmpty() ? help.footer() : help.footer() + "%nDocs: %s%n".formatted(page);
    }

    /** Returns the page of the documentation about a command; empty where there is none. */
    static String docs(CommandSpec command) {
        String[] names = command.qualifiedName(" ").split(" ");
        String name = names.length == 1 ? "" : names[1];
        return switch (name) {
            case "" -> Documentation.page("getting-started.md");
            case "run" -> Documentation.page("study.md");
            case "predict", "inspect" -> Documentation.page("commands/train.md");
            case "export" -> Documentation.page("commands/import.md");
            case "encoder" -> Documentation.page("encoder-training.md");
            case "generate-completion", "generate-man" -> "";
            default -> Documentation.page("commands/" + name + ".md");
        };
    }

    private static String options(Help help) {
        List<OptionSpec> all =
                help.commandSpec().options().stream().filter(o -> !o.hidden()).toList();
        if (all.size() <= FEW) {
            return help.optionList();
        }
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        for (String name : List.of("Input", METHOD, "Output", "General")) {
            List<OptionSpec> own =
                    all.stream().filter(o -> group(o).equals(name)).toList();
            if (!own.isEmpty()) {
                groups.put(name, own);
            }
        }
        StringBuilder text = new StringBuilder();
        groups.forEach((name, own) -> {
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(own, help.parameterLabelRenderer());
            text.append("%n%s:%n".formatted(name)).append(layout);
        });
        return text.toString();
    }

    private static String group(OptionSpec option) {
        String name = option.longestName();
        if (OUTPUT.contains(name)) {
            return "Output";
        }
        if (GENERAL.contains(name)) {
            return "General";
        }
        return INPUT.contains(name) ? "Input" : METHOD;
    }
}
