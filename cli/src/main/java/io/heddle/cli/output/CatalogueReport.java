package io.heddle.cli.output;

import io.heddle.cli.Version;
import io.heddle.cli.catalogue.Watcher;
import io.heddle.cli.report.CatalogueOrigin;
import io.heddle.cli.report.ReportFolder;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cli.terminal.Progress;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The output folder of a command for catalogues, and its progress: slow steps on standard error, and at the end lines
 * or JSON on standard output.
 */
public final class CatalogueReport implements Watcher, AutoCloseable {
    /** The part, the extension and the final slashes of a data set, which the name of a new folder omits. */
    private static final Pattern OMITTED_SUFFIX = Pattern.compile("(:\\w+|(\\.\\w{1,7}){1,2})?/*$");

    private final CommandSpec spec;
    private final Path out;
    private final ReportFolder folder;
    private final List<Path> replaced;
    private final PrintStream err;
    private Activity activity;

    private CatalogueReport(CommandSpec spec, Path out, ReportFolder folder, List<Path> replaced, PrintStream err) {
        this.spec = spec;
        this.out = out;
        this.folder = folder;
        this.replaced = replaced;
        this.err = err;
    }

    /**
     * Opens the folder and checks, before the work, that it is writable.
     *
     * @param names names of the files to write
     */
    public static CatalogueReport open(CommandSpec spec, Path out, PrintStream err, String... names) {
        List<Path> replaced =
                OutputRule.current().admit(Stream.of(names).map(out::resolve).toList());
        return new CatalogueReport(spec, out, ReportFolder.open(out), replaced, err);
    }

    @Override
    public void started(String step) {
        endActivity();
        activity = Activity.start(err, step);
    }

    /** Opens data. */
    @FunctionalInterface
    public interface Opening {
        DataSource open() throws IOException;
    }

    /** Reads data, and reports the time if it is long. */
    public DataSource read(String data, Opening opening) throws IOException {
        started("Reading " + data);
        try {
            return opening.open();
        } finally {
            endActivity();
        }
    }

    @Override
    public void advanced(long done, long total, String detail) {
        if (activity != null) {
            activity.advanced(done, total, detail);
        }
    }

    @Override
    public void note(String line) {
        err.println(line);
    }

    /** Returns the origin of a page without decisions. */
    public CatalogueOrigin origin() {
        return new CatalogueOrigin(Version.text(), TypedCommand.of(spec), "", folder.path());
    }

    /**
     * Returns the origin of a page with decisions.
     *
     * @param data data set as the user named it
     * @param apply command that applies the decisions of the page
     * @param decisions file that the page exports
     * @param more further arguments of that command
     * @param suffix suffix of the name of the new data set
     */
    public CatalogueOrigin origin(String data, CommandSpec apply, String decisions, List<String> more, String suffix) {
        List<String> before = List.of(spec.name(), apply.name(), decisions, data);
        String stem = OMITTED_SUFFIX.matcher(data).replaceAll("");
        List<String> after = new ArrayList<>(more);
        after.add("--out");
        after.add((stem.isEmpty() ? "data" : stem) + suffix);
        return new CatalogueOrigin(
                Version.text(), TypedCommand.of(spec), TypedCommand.like(spec, apply, before, after), folder.path());
    }

    /** Adds a file to the folder. */
    public void add(String name, String content) throws IOException {
        folder.stage(name, content);
    }

    /**
     * Publishes the files and prints the result.
     *
     * @param json the content of standard output with {@code --json}
     * @param lines the content of standard output without {@code --json}
     */
    public void finish(boolean asJson, String json, List<String> lines) throws IOException {
        folder.publish();
        endActivity();
        OutputRule.current().replaced(replaced);
        PrintWriter standardOutput = spec.commandLine().getOut();
        if (asJson) {
            standardOutput.print(json);
        } else {
            lines.forEach(line -> standardOutput.println(PlainText.of(Progress.plain(line))));
        }
        standardOutput.flush();
        err.println("The page: " + out.resolve("index.html"));
        OutputRule.current().show(out.resolve("index.html"));
    }

    private void endActivity() {
        if (activity != null) {
            activity.close();
            activity = null;
        }
    }

    /** Ends the progress line and deletes unpublished files. */
    @Override
    public void close() {
        endActivity();
        folder.close();
    }
}
