package io.heddle.cli.options;

import io.heddle.cli.catalogue.EncoderChoice;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Precision;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.preprocessing.TablePreprocessor;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that the commands for catalogues have in common, data and output aside: a picocli mixin. */
public final class CatalogueFlags {
    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--encoder",
            paramLabel = "NAME|FILE",
            defaultValue = EncoderChoice.AUTO,
            description = "What turns images into features: fashion, which sees gray; imagenet, which sees colours; a "
                    + "file of \"heddle encoder train\" or a TorchScript file of your own (the last is code: use only "
                    + "those you trust); or none for the pixels themselves. auto takes fashion for gray images of at "
                    + "most 32x32 pixels, else imagenet. Tables need no encoder: their columns go to the algorithm as "
                    + "they are. Default: ${DEFAULT-VALUE}.")
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
            description =
                    "What computes an encoder's features: java, Heddle's own convolutions in float32, for fashion and "
                            + "files of \"heddle encoder train\"; pytorch, for every encoder; or auto, which is java where it "
                            + "can be and the precision is not bfloat16. Default: ${DEFAULT-VALUE}.")
    private Engine engine;

    @Option(
            names = "--input-size",
            paramLabel = "S",
            description = "Side of the images that an encoder of your own takes, where no model.json beside model.pt "
                    + "says it.")
    private Integer inputSize;

    @Option(
            names = "--standardize",
            description = "Bring each column of a table to mean 0 and variance 1. Default: columns as they are.")
    private boolean standardize;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Worker threads. Results do not depend on it. Default: one a processor.")
    private Integer threads;

    @Option(names = "--json", description = "Print JSON, and nothing else, on standard output.")
    private boolean json;

    public EncoderChoice encoder() {
        return new EncoderChoice(
                encoder, engine, precision, inputSize == null ? OptionalInt.empty() : OptionalInt.of(inputSize));
    }

    public boolean standardize() {
        return standardize;
    }

    /**
     * How a table becomes features. With {@code --standardize}, numbers are scaled in double before they become floats.
     */
    public TablePreprocessor.Options preprocessing() {
        return TablePreprocessor.Options.defaults().withStandardize(standardize);
    }

    /** @throws InvalidInputException if it is negative */
    public long seed() {
        InvalidInputException.require(seed >= 0, "a seed is 0 or more, not %d", seed);
        return seed;
    }

    public boolean json() {
        return json;
    }

    /**
     * The pool that everything runs on; sized by the first that asks for it in a process.
     *
     * @throws InvalidInputException if the number of threads is out of range
     */
    public WorkerPool pool() {
        if (threads != null) {
            InvalidInputException.require(
                    threads >= 1 && threads <= MOST_THREADS, "--threads is 1 to %d, not %d", MOST_THREADS, threads);
            System.setProperty(WorkerPool.THREADS_PROPERTY, Integer.toString(threads));
        }
        return WorkerPool.shared();
    }
}
