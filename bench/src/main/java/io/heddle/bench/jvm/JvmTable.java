package io.heddle.bench.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The main class of {@code bench/jvms}: runs {@link WholeCase} under garbage collectors, numbers of threads, vector
 * widths and compilers, and prints a table. Fails if two runs on the same data with the same kernels give different
 * bits.
 */
public final class JvmTable {
    private static final String USAGE = """
            usage: bench/jvms [--data DATA] [--small DATA] [--java PROGRAM]
              --data DATA     fashion-mnist:ROWS or ROWSxCOLUMNSxCLASSES; default 1500x64x6
              --small DATA    what runs without the optimizing compiler; default 240x12x3
              --java PROGRAM  another JVM to run beside this one; may be given more than once
            exit code 0 if runs with the same kernels gave the same bits, 1 if not, 2 if the command is not understood
            """;
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private JvmTable() {}

    /**
     * One row of the table.
     *
     * @param name name in the table
     * @param small whether it runs on the small data
     * @param kernels runs with the same vector width and this mark must agree
     * @param options of the JVM
     */
    record Setting(String name, boolean small, String kernels, List<String> options) {
        private static Setting vectors(String name, boolean small, String... options) {
            List<String> all = new ArrayList<>(List.of(VECTORS));
            all.addAll(List.of(options));
            return new Setting(name, small, "", all);
        }
    }

    static List<Setting> settings() {
        return List.of(
                Setting.vectors("G1", false, "-XX:+UseG1GC"),
                Setting.vectors("ZGC", false, "-XX:+UseZGC"),
                Setting.vectors("Shenandoah", false, "-XX:+UseShenandoahGC"),
                Setting.vectors("Parallel", false, "-XX:+UseParallelGC"),
                Setting.vectors("Serial", false, "-XX:+UseSerialGC"),
                Setting.vectors("compact object headers", false, "-XX:+UseCompactObjectHeaders"),
                Setting.vectors("heap of 256 MB", false, "-Xmx256m"),
                Setting.vectors("1 processor", false, "-XX:ActiveProcessorCount=1"),
                Setting.vectors("5 processors", false, "-XX:ActiveProcessorCount=5"),
                Setting.vectors("1 thread", false, "-Dheddle.threads=1"),
                Setting.vectors("64 threads", false, "-Dheddle.threads=64"),
                Setting.vectors("vectors of 256 bits", false, "-XX:MaxVectorSize=32"),
                Setting.vectors("256 bits, 7 threads", false, "-XX:MaxVectorSize=32", "-Dheddle.threads=7"),
                Setting.vectors("AVX2 alone", false, "-XX:UseAVX=2"),
                Setting.vectors("vectors of 128 bits", false, "-XX:MaxVectorSize=16"),
                Setting.vectors("128 bits, 7 threads", false, "-XX:MaxVectorSize=16", "-Dheddle.threads=7"),
                new Setting("without the vector module", false, "", List.of()),
                new Setting("without it, 7 threads", false, "", List.of("-Dheddle.threads=7")),
                new Setting("without fused multiply-add", false, "no FMA", List.of(VECTORS, "-XX:-UseFMA")),
                Setting.vectors("both compilers", true),
                Setting.vectors("C1 alone", true, "-XX:TieredStopAtLevel=1"),
                Setting.vectors("interpreter alone", true, "-Xint"));
    }

    /** @param arguments see {@code bench/jvms --help} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String data = "1500x64x6";
        String small = "240x12x3";
        List<String> programs =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--help")) {
                System.out.print(USAGE);
                return;
            }
            if (i + 1 == arguments.length) {
                refuse();
            }
            String value = arguments[++i];
            switch (arguments[i - 1]) {
                case "--data" -> data = value;
                case "--small" -> small = value;
                case "--java" -> programs.add(value);
                default -> refuse();
            }
        }
        boolean same = true;
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String program : programs) {
            System.out.printf(
                    "%n%s%n%n| setting | options | data | floats in a vector | CPU, s | hash of the results |%n|---|---|---|---|---|---|%n",
                    version(program));
            for (Setting setting : settings()) {
                same &= run(program, setting, setting.small() ? small : data, hashes);
            }
        }
        System.out.println(same ? "\nsame kernels, same bits" : "\nFAILED: see the lines above");
        System.exit(same ? 0 : 1);
    }

    private static void refuse() {
        System.err.print(USAGE);
        System.exit(2);
    }

    private static String version(String program) throws IOException, InterruptedException {
        String said = said(List.of(program, "-version"));
        return said.lines().skip(1).findFirst().orElse(said);
    }

    /** Prints the row; returns whether its bits are those of earlier rows with the same kernels. */
    static boolean run(String program, Setting setting, String data, Map<String, String> hashes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "--enable-native-access=ALL-UNNAMED"));
        if (setting.options().stream().noneMatch(o -> o.startsWith("-Xmx"))) {
            command.add("-Xmx512m");
        }
        command.addAll(setting.options());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WholeCase.class.getName(), data));
        String said = said(command);
        String[] words = said.strip().lines().toList().getLast().split(" ");
        String options = String.join(" ", setting.options());
        if (words.length != 3) {
            System.out.printf("| %s | `%s` | %s | – | – | FAILED |%n%s%n", setting.name(), options, data, said);
            return false;
        }
        String before = hashes.putIfAbsent(data + " " + words[0] + " " + setting.kernels(), words[1]);
        boolean same = before == null || before.equals(words[1]);
        System.out.printf(
                "| %s | `%s` | %s | %s | %s | %s%s |%n",
                setting.name(), options, data, words[0], words[2], words[1], same ? "" : " differs");
        return same;
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said : said + "\nexit code " + process.exitValue() + "\n";
    }
}
