package io.heddle.cli.options;

import io.heddle.cli.catalogue.EncoderChoice;
import io.heddle.cli.catalogue.FeatureCache;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Precision;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.preprocessing.TablePreprocessor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The common options of the commands for catalogues, except data and output: a picocli mixin. */
public final class CatalogueFlags {
    /** The folder for features, in place of the one in the user's cache folder. */
    private static final String CACHE_PROPERTY = "heddle.features";

    private static final long MAXIMUM_CACHED = 2L << 30;
    private static final int MAXIMUM_THREADS = 1024;
    private static final List<String> ENCODERS =
            List.of(EncoderChoice.AUTO, "fashion", EncoderChoice.ANY, EncoderChoice.NONE);

    @Option(
            names = "--encoder",
            paramLabel = "NAME|FILE",
            defaultValue = EncoderChoice.AUTO,
            description = "Encoder of the images: fashion, for gray images; imagenet, for colours; a "
                    + "file of \"heddle encoder train\" or a TorchScript file (TorchScript is code: use only "
                    + "files that you trust); or none to use the pixels. auto is fashion for gray images of at "
                    + "most 32x32 pixels, otherwise imagenet. Tables need no encoder: their columns are not "
                    + "changed. Default: ${DEFAULT-VALUE}.")
    private String encoder;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "auto",
            description = "Arithmetic of the encoder: auto, float32 or bfloat16. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "auto",
            description = "Engine of the encoder: java (Heddle's convolutions in float32), for fashion and "
                    + "files of \"heddle encoder train\"; pytorch, for all encoders; or auto, which is java if "
                    + "possible and the precision is not bfloat16. Default: ${DEFAULT-VALUE}.")
    private Engine engine;

    @Option(
            names = "--input-size",
            paramLabel = "S",
            description = "Side of the encoder's images in pixels, if no model.json next to model.pt defines it.")
    private Integer inputSize;

    @Option(
            names = "--no-cache",
            description =
                    "Compute all features of images, and keep none. Default: those that group, similar or audit have "
                            + "computed before are read from the user's cache folder, at most 2 GB.")
    private boolean noCache;

    @Option(
            names = "--standardize",
            description = "Standardize each column of a table to mean 0 and variance 1. Default: unchanged columns.")
    private boolean standardize;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one per processor.")
    private Integer threads;

    @Option(names = "--json", description = "Print only JSON on standard output.")
    private boolean json;

    /** @throws InvalidInputException if there is no such encoder */
    public EncoderChoice encoder() {
        EncoderName.require("--encoder", encoder, ENCODERS);
        return new EncoderChoice(
                encoder,
                engine,
                precision,
                inputSize == null ? OptionalInt.empty() : OptionalInt.of(inputSize),
                noCache ? Optional.empty() : Optional.of(new FeatureCache(cacheFolder(), MAXIMUM_CACHED)));
    }

    private static Path cacheFolder() {
        String folder = System.getProperty(CACHE_PROPERTY);
        return folder != null
                ? Path.of(folder)
                : FashionMnist.Options.defaults().cache().resolveSibling("features");
    }

    public boolean standardize() {
        return standardize;
    }

    /**
     * Returns the options of the preprocessing. With {@code --standardize}, numbers are scaled in double before the
     * conversion to float.
     */
    public TablePreprocessor.Options preprocessing() {
        return TablePreprocessor.Options.defaults().withStandardize(standardize);
    }

    /** @throws InvalidInputException if it is negative */
    public long seed() {
        InvalidInputException.require(seed >= 0, "a seed must be 0 or more, not %d", seed);
        return seed;
    }

    public boolean json() {
        return json;
    }

    /**
     * Returns the shared pool; the first call in a process sets its size.
     *
     * @throws InvalidInputException if the number of threads is out of range
     */
    public WorkerPool pool() {
        if (threads != null) {
            InvalidInputException.require(
                    threads >= 1 && threads <= MAXIMUM_THREADS,
                    "--threads must be 1 to %d, not %d",
                    MAXIMUM_THREADS,
                    threads);
            System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(threads));
        }
        return WorkerPool.shared();
    }
}
