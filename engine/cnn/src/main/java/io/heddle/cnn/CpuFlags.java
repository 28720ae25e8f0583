package io.heddle.cnn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The instruction sets that Linux reports for the first processor; none on other systems.
 *
 * @param names the flags by the kernel's names, such as {@code avx512f}
 */
record CpuFlags(Set<String> names) {
    private static final Path LINUX = Path.of("/proc/cpuinfo");

    static CpuFlags ofThisMachine() {
        try {
            return parse(Files.readString(LINUX, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // There is no such file on other systems. No flags are assumed then.
            return new CpuFlags(Set.of());
        }
    }

    /** @param cpuinfo the text of {@code /proc/cpuinfo} */
    static CpuFlags parse(String cpuinfo) {
        return new CpuFlags(cpuinfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .map(flags -> Set.copyOf(List.of(flags.split("\\s+"))))
                .orElse(Set.of()));
    }

    /**
     * Returns whether the processor has instructions for products of bfloat16 numbers. Without them, bfloat16 is slower
     * than float32.
     */
    boolean multipliesBfloat16() {
        return names.contains("amx_bf16") || names.contains("avx512_bf16");
    }
}
