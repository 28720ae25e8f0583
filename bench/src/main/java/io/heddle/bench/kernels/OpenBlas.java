package io.heddle.bench.kernels;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Calls the matrix product of OpenBLAS as the reference. The library is a Maven artifact, which is unpacked to a
 * temporary folder and called directly on the memory of Heddle's matrices.
 */
public final class OpenBlas {
    private static final String FOLDER = "/org/bytedeco/openblas/linux-x86_64/";
    private static final String LIBRARY = "libopenblas.so.0";
    /** Libraries that it loads from its folder. */
    private static final List<String> BESIDE = List.of("libgfortran.so.5", "libquadmath.so.0", "libgcc_s.so.1");

    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private static final class Loaded {
        static final SymbolLookup SYMBOLS = load();
    }

    private final MethodHandle product;
    private final MethodHandle threads;

    private OpenBlas(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        var whole = ValueLayout.JAVA_INT;
        var real = ValueLayout.JAVA_FLOAT;
        var pointer = ValueLayout.ADDRESS;
        product = linker.downcallHandle(
                library.findOrThrow("cblas_sgemm"),
                FunctionDescriptor.ofVoid(
                        whole, whole, whole, whole, whole, whole, real, pointer, whole, pointer, whole, real, pointer,
                        whole));
        threads = linker.downcallHandle(
                library.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(whole));
    }

    /** Returns whether the artifact on the class path is for this machine. */
    static boolean isAvailable() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && OpenBlas.class.getResource(FOLDER + LIBRARY) != null;
    }

    /** Returns the note before a comparison. */
    public static String report() {
        return kernel().map(kernel -> "OpenBLAS runs its kernel  " + kernel + ".")
                .orElse("There is no OpenBLAS artifact for this machine: its rows are left out.");
    }

    /** Returns the name of the kernel for this processor. */
    public static Optional<String> kernel() {
        if (!isAvailable()) {
            return Optional.empty();
        }
        try {
            MemorySegment name = (MemorySegment) Linker.nativeLinker()
                    .downcallHandle(
                            Loaded.SYMBOLS.findOrThrow("openblas_get_corename"),
                            FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return Optional.of(name.reinterpret(Byte.MAX_VALUE).getString(0));
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS does not report its kernel", e);
        }
    }

    /** @param threads number of threads of each product */
    static OpenBlas of(int threads) {
        OpenBlas library = new OpenBlas(Loaded.SYMBOLS);
        try {
            library.threads.invokeExact(threads);
            return library;
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS does not accept the number of threads", e);
        }
    }

    private static SymbolLookup load() {
        try {
            Path folder = Files.createTempDirectory("heddle-openblas-");
            folder.toFile().deleteOnExit();
            for (String name : BESIDE) {
                unpack(name, folder);
            }
            return SymbolLookup.libraryLookup(unpack(LIBRARY, folder), Arena.global());
        } catch (IOException e) {
            throw new IllegalStateException("OpenBLAS cannot be unpacked", e);
        }
    }

    private static Path unpack(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(OpenBlas.class.getResourceAsStream(FOLDER + name), name)) {
            Files.copy(in, file);
        }
        file.toFile().deleteOnExit();
        return file;
    }

    /** c ← op(a) · b. */
    void multiply(FloatMatrix a, boolean transposed, FloatMatrix b, FloatMatrix c) {
        int m = Math.toIntExact(c.rows());
        int k = Math.toIntExact(b.rows());
        try {
            product.invokeExact(
                    ROW_MAJOR,
                    transposed ? TRANSPOSE : NO_TRANSPOSE,
                    NO_TRANSPOSE,
                    m,
                    c.columns(),
                    k,
                    1f,
                    a.segment(),
                    (int) a.stride(),
                    b.segment(),
                    (int) b.stride(),
                    0f,
                    c.segment(),
                    (int) c.stride());
        } catch (Throwable e) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "OpenBLAS fails on %d x %d x %d", m, k, c.columns()), e);
        }
    }
}
