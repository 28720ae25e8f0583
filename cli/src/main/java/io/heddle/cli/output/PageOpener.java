package io.heddle.cli.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Opens a page in the user's browser.
 *
 * @param program system program that opens files, and its first arguments
 */
record PageOpener(List<String> program) {
    /** Returns the opener of this system. */
    static PageOpener ofSystem() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return new PageOpener(List.of("open"));
        }
        return new PageOpener(
                system.startsWith("windows")
                        ? List.of("rundll32", "url.dll,FileProtocolHandler")
                        : List.of("xdg-open"));
    }

    /** Starts the program without waiting for it; returns an error message if it cannot be started. */
    String open(Path page) {
        List<String> command = new ArrayList<>(program);
        command.add(page.toAbsolutePath().normalize().toString());
        try {
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return "";
        } catch (IOException e) {
            return "cannot open the page: the program %s is missing; open %s yourself"
                    .formatted(program.getFirst(), page);
        }
    }
}
