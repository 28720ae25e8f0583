package io.heddle.internal.warmup;

import io.heddle.internal.kernels.Simd;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Compiles kernels before they are needed. Until C2 has compiled a kernel, each vector operation is a call that
 * allocates and is a hundred times slower than the compiled instruction. The warm-up can run on another thread while
 * the program does something else, such as reading its data.
 *
 * <p>Each group of kernels is compiled once per process. Threads that need a group wait for the thread that warms it
 * up.
 */
public final class WarmUp {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock(true);
    private static final Set<KernelGroup> PENDING = EnumSet.allOf(KernelGroup.class);

    private WarmUp() {}

    /** Compiles all kernels, with calls on the calling thread: a few seconds of CPU, O(1) memory. */
    public static void run() {
        // One by one, so that a fit on another thread waits only for the groups that it needs.
        for (KernelGroup group : KernelGroup.values()) {
            compile(Set.of(group));
        }
    }

    /** Compiles the kernels of some groups, if no earlier call did so, with calls on the calling thread. */
    public static void compile(Collection<KernelGroup> groups) {
        ONE_AT_A_TIME.lock();
        try {
            Set<KernelGroup> wanted = EnumSet.copyOf(groups);
            wanted.retainAll(PENDING);
            if (!wanted.isEmpty()) {
                PENDING.removeAll(wanted);
                if (Simd.lanes() > 1) {
                    repeatCalls(wanted);
                }
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static void repeatCalls(Set<KernelGroup> groups) {
        try (KernelCalls calls = new KernelCalls()) {
            List<Runnable> all = new ArrayList<>();
            groups.forEach(group -> all.addAll(calls.of(group)));
            UntilCompiled.repeat(all);
        }
    }
}
