package io.heddle.bench.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The main class of {@code bench/track}: draws the history of all stored runs, and reports the falls. */
public final class Track {
    private static final String USAGE = """
            usage: bench/track [--runs FOLDER] [--out PAGE.html] [--check]
              --runs FOLDER    the runs kept by bench/run and bench/compare (default bench/results/runs)
              --out PAGE.html  where to draw (default bench/target/track.html)
              --check          exit code 1 if a latest run falls below the noise
            """;

    private Track() {}

    /** Exit code 0, 1 for a fall with {@code --check}, 2 if the command line or a stored run is invalid. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        Path runs = Path.of(System.getProperty("heddle.bench.runs", "results/runs"));
        Path out = Path.of(System.getProperty("heddle.bench.results", ".")).resolve("track.html");
        boolean check = false;
        for (int i = 0; i < arguments.length; i++) {
            boolean more = i + 1 < arguments.length;
            switch (arguments[i]) {
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return 0;
                }
                case "--check" -> check = true;
                case "--runs" -> {
                    if (!more) {
                        return refuse("--runs needs a folder");
                    }
                    runs = Path.of(arguments[++i]);
                }
                case "--out" -> {
                    if (!more) {
                        return refuse("--out needs a file");
                    }
                    out = Path.of(arguments[++i]);
                }
                default -> {
                    return refuse("'" + arguments[i] + "' is not an option");
                }
            }
        }
        try {
            List<RunRecord> records = RunRecord.readAll(runs);
            if (records.isEmpty()) {
                return refuse("there are no runs in " + runs + "; bench/run and bench/compare store runs there");
            }
            List<Series> series = Series.of(records);
            Path folder = out.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Files.writeString(out, TrackPage.of(series));
            int falls = print(series);
            System.out.printf("%d runs, %d measurements, %d falls: %s%n", records.size(), series.size(), falls, out);
            return check && falls > 0 ? 1 : 0;
        } catch (IOException e) {
            System.err.printf("bench/track: %s%n", e.getMessage());
            return 2;
        }
    }

    private static int refuse(String sentence) {
        System.err.printf("bench/track: %s%n%s", sentence, USAGE);
        return 2;
    }

    private static int print(List<Series> all) {
        int falls = 0;
        for (Series s : all) {
            Optional<Change> change = s.latest();
            if (change.isPresent() && change.get().isFall(s.higherIsBetter())) {
                falls++;
                System.out.printf("fall: %s %s, %s%n", s.suite(), s.name(), TrackPage.textOf(change.get()));
            } else if (change.isPresent() && change.get().isGain(s.higherIsBetter())) {
                System.out.printf("gain: %s %s, %s%n", s.suite(), s.name(), TrackPage.textOf(change.get()));
            }
        }
        return falls;
    }
}
