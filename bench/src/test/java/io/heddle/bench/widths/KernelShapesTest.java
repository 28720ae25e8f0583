package io.heddle.bench.widths;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.TrainingKernels;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KernelShapesTest {
    @Test
    void everyKernelIsMeasuredAndHasALimit() {
        Core core = new Core(32, 128, 64);
        try (KernelShapes shapes = new KernelShapes()) {
            List<TimedKernel> kernels = shapes.all();
            assertThat(kernels).allSatisfy(kernel -> {
                kernel.call().run();
                assertThat(kernel.limit(core)).as(kernel.name()).isBetween(0.1, 1e6);
            });
            List<String> measured =
                    kernels.stream().map(kernel -> kernel.name().split(" ")[0]).toList();
            List<String> all = Stream.of(Kernels.class, TrainingKernels.class, ConvolutionKernels.class)
                    .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                    .filter(method -> !Modifier.isStatic(method.getModifiers()) && method.getParameterCount() > 0)
                    .map(Method::getName)
                    .distinct()
                    .toList();
            assertThat(measured).containsAll(all);
        }
    }
}
