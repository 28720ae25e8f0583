package io.heddle.data.fuzz;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Reads damaged files: {@code java ... Fuzz INPUTS SEED FOLDER [TARGET]}. A finding is an undocumented exception, more
 * than 64 MB beyond the size of the file, or more than 2 s; its file is kept in the folder. The JVM should have a small
 * heap that is touched at its start, so that the growth of its memory is that outside the heap. Prints a table; the
 * exit code is 1 if there was a finding.
 */
public final class Fuzz {
    private static final long MAXIMUM_MILLIS = 2_000;
    private static final long PATIENCE_MILLIS = 30_000;
    private static final long MAXIMUM_BYTES = 64L << 20;
    /** Excess of time and memory must occur in each trial, because other programs can cause it once. */
    private static final int TRIALS = 3;

    private final Path folder;
    private final FuzzTarget target;
    private final Path file;
    private ExecutorService reader = reader();
    private long read;
    private long refused;
    private long slowest;
    private long largest;
    private final List<String> findings = new ArrayList<>();

    private record Outcome(Throwable thrown, long millis, long bytes) {}

    private Fuzz(FuzzTarget target, Path folder) throws IOException {
        this.target = target;
        this.folder = folder;
        Path own = Files.createDirectories(
                folder.resolve(target.name().replaceAll("[^A-Za-z]+", "-")).resolve("now"));
        file = own.resolve(target.file());
    }

    private static ExecutorService reader() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("reader").factory());
    }

    /** Runs the campaign. */
    public static void main(String[] args) throws Exception {
        int inputs = Integer.parseInt(args[0]);
        Path folder = Path.of(args[2]);
        Files.createDirectories(folder);
        int findings = 0;
        List<String> told = new ArrayList<>();
        System.out.println("| file | inputs | read | refused | longest, ms | most memory, MB | findings |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (FuzzTarget target : FuzzTargets.all(folder)) {
            if (args.length > 3 && !target.name().contains(args[3])) {
                continue;
            }
            Fuzz fuzz = new Fuzz(target, folder);
            fuzz.run(inputs, Long.parseLong(args[1]));
            findings += fuzz.findings.size();
            told.addAll(fuzz.findings);
        }
        told.forEach(System.out::println);
        System.out.println(findings + " findings");
        Runtime.getRuntime().halt(findings > 0 ? 1 : 0);
    }

    private void run(int inputs, long seed) throws Exception {
        Throwable last = null;
        int sound = 0;
        for (byte[] file : target.seeds()) {
            Throwable thrown = once(file).thrown;
            last = thrown == null ? last : thrown;
            sound += thrown == null ? 1 : 0;
        }
        if (sound == 0) {
            throw new IllegalStateException(target.name() + ": no seed can be read", last);
        }
        Mutator mutator = new Mutator(target.seeds(), seed);
        for (int i = 0; i < inputs; i++) {
            judge(mutator.next(), seed + "-" + i);
        }
        reader.shutdownNow();
        System.out.printf(
                "| %s | %,d | %,d | %,d | %d | %d | %d |%n",
                target.name(), inputs, read, refused, slowest, largest >> 20, findings.size());
    }

    private void judge(byte[] bytes, String number) throws Exception {
        Outcome outcome = once(bytes);
        for (int trial = 1; trial < TRIALS && isTooMuch(outcome, bytes.length); trial++) {
            Outcome again = once(bytes);
            outcome = new Outcome(
                    again.thrown, Math.min(outcome.millis, again.millis), Math.min(outcome.bytes, again.bytes));
        }
        slowest = Math.max(slowest, outcome.millis);
        largest = Math.max(largest, outcome.bytes);
        boolean documented = outcome.thrown == null || isDocumented(outcome.thrown);
        if (outcome.thrown == null) {
            read++;
        } else if (documented) {
            refused++;
        }
        if (!documented || isTooMuch(outcome, bytes.length)) {
            Path kept =
                    folder.resolve(target.name().replaceAll("[^A-Za-z]+", "-") + "-" + number + "-" + target.file());
            Files.write(kept, bytes);
            findings.add("%s: %s, %d ms, %d MB%s"
                    .formatted(
                            kept,
                            outcome.thrown == null ? "read" : outcome.thrown,
                            outcome.millis,
                            outcome.bytes >> 20,
                            documented ? "" : where(outcome.thrown)));
        }
    }

    private static String where(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Stream.of(thrown.getStackTrace()).limit(6).forEach(e -> text.append("\n    ")
                .append(e));
        return text.toString();
    }

    private static boolean isTooMuch(Outcome outcome, long size) {
        return outcome.millis > MAXIMUM_MILLIS || outcome.bytes > MAXIMUM_BYTES + size;
    }

    /** The system refuses files by a {@link FileSystemException} with the name of the file. */
    private static boolean isDocumented(Throwable thrown) {
        return thrown instanceof DataFormatException
                || thrown instanceof InvalidInputException
                || thrown instanceof FileSystemException;
    }

    private Outcome once(byte[] bytes) throws Exception {
        clear();
        Files.write(file, bytes);
        long before = resident("VmRSS");
        resetPeak();
        long begin = System.nanoTime();
        Throwable thrown = null;
        Future<?> reading = reader.submit(() -> {
            target.reader().read(file);
            return null;
        });
        try {
            reading.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            thrown = e.getCause();
        } catch (TimeoutException e) {
            // That thread may never end.
            reader.shutdownNow();
            reader = reader();
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        return new Outcome(thrown, millis, Math.max(0, resident("VmHWM") - before));
    }

    private void clear() throws IOException {
        try (Stream<Path> old = Files.walk(file.getParent())) {
            for (Path path : old.sorted(Comparator.reverseOrder())
                    .filter(p -> !p.equals(file.getParent()))
                    .toList()) {
                Files.delete(path);
            }
        }
    }

    private static void resetPeak() throws IOException {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }

    private static long resident(String which) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(which)) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no " + which + " in /proc/self/status");
    }
}
