package io.heddle.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills commands that write with SIGKILL at random moments. After each kill it compares the outputs with those of the
 * older run and of an undisturbed one, runs the command again to its end, and searches for leftover files.
 *
 * <p>A third of the kills is at a random moment of the whole run, a third after the first file was created, and a third
 * shortly after the first byte was written to a file, before outputs are renamed.
 */
final class KillCampaign {
    private static final String HEADER = """
            | command | kills | older outputs | new outputs | a file of the report missing | leftovers | cleared by the next run | faults |
            |---|---|---|---|---|---|---|---|
            """;
    /** What the system reports for a process that SIGKILL ended. */
    private static final int KILLED = 128 + 9;

    private static final String PART = ".part";
    private static final List<String> SLOW = List.of("run", "features", "group", "audit", "similar");
    private static final int ROWS = 2_000;
    private static final long RENAMES_MILLIS = 60;
    /** High, because the machine can be busy. */
    private static final int LONGEST_SECONDS = 1_200;

    private final Path base;
    private final SplittableRandom random;
    private final List<String> faults = new ArrayList<>();
    private final StringBuilder table = new StringBuilder(HEADER);
    private int kills;

    /** @param base an empty folder */
    KillCampaign(Path base, long seed) throws IOException, InterruptedException {
        this.base = base;
        random = new SplittableRandom(seed);
        Path in = Files.createDirectory(base.resolve("in"));
        StringBuilder text = new StringBuilder("a,b,c,d,label\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("%d,%d,%d,%d,%s%n"
                    .formatted(
                            i * 7919 % 1000,
                            i * 104729L % 1000,
                            i % 3 * 400 + i * 31 % 97,
                            i * 13 % 17,
                            "abc".charAt(i % 3)));
        }
        Files.writeString(in.resolve("table.csv"), text);
        DrawnImages.write(Files.createDirectory(in.resolve("images")), 200, 60);
        for (String model : List.of("older 1e-2", "newer 1e-3")) {
            String[] words = model.split(" ");
            runToEnd(
                    in,
                    "train table.csv --label label --lambda " + words[1] + " --model " + words[0] + ".heddle --onnx "
                            + words[0] + ".onnx");
        }
    }

    /** The faults so far, one per line. */
    List<String> faults() {
        return faults;
    }

    /** The number of kills so far. */
    int kills() {
        return kills;
    }

    /** The results, one row per command. */
    String table() {
        return table.toString();
    }

    /** The outcomes of the kills of one command. */
    private static final class Tally {
        int kills;
        int older;
        int newer;
        int partial;
        int leftovers;
        int cleared;
    }

    /**
     * Kills a command the given number of times and returns its row of the table. Runs that ended before the kill are
     * repeated.
     */
    String run(KilledCommand command, int times) throws IOException, InterruptedException {
        Path out = emptied(base.resolve("out"));
        Map<String, byte[]> older = new TreeMap<>();
        if (!command.older().isEmpty()) {
            runToEnd(out, command.older());
            older = contents(out);
        }
        put(emptied(out), older);
        long begun = System.nanoTime();
        long[] created = new long[1];
        try (HeddleProcess process = start(out, command.newer())) {
            awaitPart(process, out, false);
            created[0] = System.nanoTime() - begun;
            requireEnd(process, command.newer());
        }
        long whole = System.nanoTime() - begun;
        Map<String, byte[]> newer = contents(out);
        Tally tally = new Tally();
        int faultsBefore = faults.size();
        for (int attempt = 0; tally.kills < times && attempt < 3 * times + 3; attempt++) {
            put(emptied(out), older);
            if (kill(command, out, attempt % 3, whole, created[0])) {
                tally.kills++;
                judge(command, out, older, newer, tally);
            }
        }
        kills += tally.kills;
        String row = "| %s | %d | %d | %d | %s | %d | %d | %d |%n"
                .formatted(
                        command.name(),
                        tally.kills,
                        tally.older,
                        tally.newer,
                        command.report() ? Integer.toString(tally.partial) : "–",
                        tally.leftovers,
                        tally.cleared,
                        faults.size() - faultsBefore);
        table.append(row);
        return row;
    }

    /** Returns whether the process was killed; it may have ended before. */
    private boolean kill(KilledCommand command, Path out, int phase, long whole, long created)
            throws IOException, InterruptedException {
        try (HeddleProcess process = start(out, command.newer())) {
            switch (phase) {
                case 0 -> TimeUnit.NANOSECONDS.sleep(random.nextLong(whole));
                case 1 -> {
                    awaitPart(process, out, false);
                    TimeUnit.NANOSECONDS.sleep(random.nextLong(1 + whole - created));
                }
                default -> {
                    awaitPart(process, out, true);
                    TimeUnit.MICROSECONDS.sleep(random.nextLong(1000 * RENAMES_MILLIS));
                }
            }
            process.close();
            return process.await() == KILLED;
        }
    }

    /** Waits until the command has created an unfinished file, or has written to one, or has ended. */
    private static void awaitPart(HeddleProcess process, Path out, boolean written)
            throws IOException, InterruptedException {
        while (process.runs()) {
            try (Stream<Path> all = Files.walk(out)) {
                if (all.anyMatch(path -> path.toString().contains(PART) && (!written || isWritten(path)))) {
                    return;
                }
            } catch (UncheckedIOException e) {
                // The file was renamed meanwhile, so it was written.
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static boolean isWritten(Path path) {
        try {
            return Files.isRegularFile(path) && Files.size(path) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void judge(
            KilledCommand command, Path out, Map<String, byte[]> older, Map<String, byte[]> newer, Tally tally)
            throws IOException, InterruptedException {
        Map<String, byte[]> found = contents(out);
        int old = 0;
        int fresh = 0;
        boolean leftover = false;
        boolean resumable = false;
        for (var file : found.entrySet()) {
            String name = file.getKey();
            if (name.contains(PART)) {
                leftover = true;
            } else if (KilledCommand.isResumable(name)) {
                resumable = name.endsWith(".checkpoint");
            } else if (Arrays.equals(file.getValue(), older.get(name))) {
                old++;
            } else if (newer.containsKey(name)
                    && KilledCommand.isWhole(name, file.getValue(), newer.get(name), base.resolve("scratch"))) {
                fresh++;
            } else {
                fault(command, name + " is neither the older file nor a whole new one");
            }
        }
        boolean missing = old + fresh < older.size();
        if (missing && !command.report()) {
            fault(command, "only " + found.keySet() + " are there");
        }
        if (command.report() && old > 0 && fresh > 0) {
            fault(command, "files of two runs are together: " + found.keySet());
        }
        tally.partial += missing ? 1 : 0;
        tally.newer += !missing && fresh > 0 ? 1 : 0;
        tally.older += !missing && fresh == 0 ? 1 : 0;
        tally.leftovers += leftover ? 1 : 0;

        if (!leftover && !resumable && !missing) {
            // The next run would find the same files.
            return;
        }
        if (command.older().isEmpty() && fresh > 0) {
            // The command writes no folder that exists.
            for (String name : newer.keySet()) {
                Files.delete(out.resolve(name));
            }
            removeEmptyFolders(out);
        }
        runToEnd(out, resumable ? command.newer() + " --resume" : command.newer());
        if (!contents(out).keySet().equals(newer.keySet())) {
            fault(command, "after the next run there are " + contents(out).keySet());
        } else {
            tally.cleared += leftover ? 1 : 0;
        }
    }

    private void fault(KilledCommand command, String words) {
        faults.add(command.name() + ": " + words);
    }

    private HeddleProcess start(Path folder, String command) throws IOException {
        // Only the first compiler for commands whose start takes most of the time. Slow commands need the second one
        // for vectors.
        boolean brief = !SLOW.contains(command.substring(0, command.indexOf(' ')));
        List<String> options =
                brief ? List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC") : List.of("-Xmx512m");
        return HeddleProcess.start(folder, base.resolve("err"), List.of(), options, List.of(command.split(" ")));
    }

    private void runToEnd(Path folder, String command) throws IOException, InterruptedException {
        try (HeddleProcess process = start(folder, command)) {
            requireEnd(process, command);
        }
    }

    private static void requireEnd(HeddleProcess process, String command) throws IOException, InterruptedException {
        if (process.await(LONGEST_SECONDS) != 0) {
            throw new AssertionError(command + ": " + process.said());
        }
    }

    /** All files below a folder, and unfinished folders, by their paths in it. */
    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                if (Files.isRegularFile(path)) {
                    files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
                } else if (path.toString().endsWith(PART)) {
                    files.put(folder.relativize(path).toString(), new byte[0]);
                }
            }
        }
        return files;
    }

    private static void removeEmptyFolders(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(p -> !p.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                if (Files.isDirectory(path) && path.toFile().list().length == 0) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void put(Path folder, Map<String, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectory(folder);
    }
}
