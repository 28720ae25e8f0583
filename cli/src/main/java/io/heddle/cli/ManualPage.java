package io.heddle.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/** {@code heddle generate-man}: the manual page, generated from the {@code --help} texts. */
@Command(
        name = "generate-man",
        hidden = true,
        description = "Prints the manual page, for example into /usr/local/share/man/man1/heddle.1.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpWidth = 80)
final class ManualPage implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(of(spec.root()));
        out.flush();
    }

    static String of(CommandSpec heddle) {
        StringBuilder page = new StringBuilder(".TH HEDDLE 1\n.SH NAME\nheddle \\- ");
        page.append(escaped(String.join(" ", heddle.usageMessage().description())))
                .append('\n');
        page.append(".SH SYNOPSIS\n.B heddle\nCOMMAND [OPTIONS] ...\n.SH COMMANDS\n");
        commands(heddle, page);
        page.append(".SH EXIT STATUS\n0 success, 1 an error in Heddle, 2 an error in the input, 130 Ctrl-C.\n");
        page.append(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set, the output has no colours.\n");
        page.append(".TP\n.B HEDDLE_JAVA_OPTS\nAdditional options of the Java virtual machine, such as \\-Xmx4g.\n");
        page.append(".SH SEE ALSO\n").append(escaped(HelpLayout.docs(heddle))).append('\n');
        return page.toString();
    }

    private static void commands(CommandSpec parent, StringBuilder page) {
        for (CommandLine line : parent.subcommands().values()) {
            CommandSpec command = line.getCommandSpec();
            if (command.usageMessage().hidden()) {
                continue;
            }
            if (!command.subcommands().isEmpty()) {
                commands(command, page);
            }
            if (!command.subcommands().isEmpty()
                    && command.positionalParameters().isEmpty()) {
                continue;
            }
            page.append(".SS ")
                    .append(escaped(command.qualifiedName()))
                    .append(synopsis(command))
                    .append('\n');
            page.append(escaped(String.join(" ", command.usageMessage().description())))
                    .append('\n');
            for (PositionalParamSpec argument : command.positionalParameters()) {
                entry(argument.paramLabel(), argument, page);
            }
            for (OptionSpec option : command.options()) {
                if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
                    String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
                    entry(String.join(", ", option.names()) + value, option, page);
                }
            }
            String[] examples = command.usageMessage().footer();
            if (examples.length > 0) {
                page.append(".PP\nExamples:\n.PP\n.nf\n");
                Arrays.stream(examples).forEach(e -> page.append(escaped(e)).append('\n'));
                page.append(".fi\n");
            }
        }
    }

    private static String synopsis(CommandSpec command) {
        StringBuilder text = new StringBuilder();
        command.positionalParameters().forEach(p -> text.append(' ').append(escaped(p.paramLabel())));
        return text.append(" [OPTIONS]").toString();
    }

    private static void entry(String name, ArgSpec argument, StringBuilder page) {
        String words = String.join(" ", argument.description());
        String value = argument.defaultValue() == null ? "" : argument.defaultValue();
        page.append(".TP\n.B ").append(escaped(name)).append('\n');
        page.append(escaped(words.replace("${DEFAULT-VALUE}", value))).append('\n');
    }

    /** Escapes lines that start with a dot or an apostrophe, which would be roff commands. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
