package io.heddle.bench;

import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The data for Heddle: floats outside the heap. */
@State(Scope.Thread)
public abstract class HeddleSide {
    /** See {@link BenchData}. */
    @Param("fashion-mnist")
    public String data;

    private BenchData loaded;

    /** Runs before {@code @Setup} methods of subclasses. */
    @Setup(Level.Trial)
    public final void load() throws IOException {
        loaded = BenchData.of(data);
    }

    @TearDown(Level.Trial)
    public final void free() {
        loaded.close();
    }

    public final BenchData data() {
        return loaded;
    }
}
