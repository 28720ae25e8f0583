package io.heddle.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.heddle.internal.gemm.RowMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vector that C2 does not keep in a register is an object a call; which those are differs from width to width. */
@Tag("slow")
class RowMapAllocatesNothingTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 200;
    /** Compilation runs beside the test. */
    private static final int CHANCES = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 33, 784})
    void compiledCallsAllocateNothing(int inputs) {
        int outputs = 10;
        float[] floats = new float[inputs];
        byte[] bytes = new byte[inputs];
        float[] out = new float[outputs];
        try (Arena arena = Arena.ofConfined();
                RowMap map = RowMap.relative(outputs, inputs, (output, input) -> output - input, new double[outputs])) {
            MemorySegment floatsOutside = arena.allocate((long) inputs * Float.BYTES, Float.BYTES);
            MemorySegment bytesOutside = arena.allocate(inputs);
            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("largest", () -> map.largest(floats));
            calls.put("largest outside", () -> map.largest(floatsOutside, 0));
            calls.put("largest of bytes", () -> map.largestOfBytes(bytes));
            calls.put("largest of bytes outside", () -> map.largestOfBytes(bytesOutside, 0));
            calls.put("all", () -> map.apply(floats, out));
            calls.put("all of bytes", () -> map.applyToBytes(bytes, out));
            calls.forEach(
                    (name, call) -> assertThat(minimumBytes(call)).as(name).isZero());
        }
    }

    private static long minimumBytes(Runnable call) {
        long minimum = Long.MAX_VALUE;
        for (int chance = 0; chance < CHANCES && minimum > 0; chance++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            minimum = Math.min(minimum, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return minimum;
    }
}
