package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Where a model comes from; kept in its file. What is not known is left empty.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="provenance"}
 *
 * @param created when the model was made
 * @param dataSha256 SHA-256 of the training data, 64 hexadecimal digits, see {@code ImageDataset.sha256()}
 * @param seed of all that was drawn at random
 * @param options of the fit, by the names of the options' records
 * @param versions of what made it, by name, such as {@code java}; the writer adds those of Heddle and Java
 * @param classNames name of each class, by label
 * @param encoder the network whose features the model takes
 * @param roles what columns of the training data are that are no values
 */
public record Provenance(
        Instant created,
        Optional<String> dataSha256,
        Optional<Long> seed,
        Map<String, String> options,
        Map<String, String> versions,
        List<String> classNames,
        Optional<EncoderReference> encoder,
        ColumnRoles roles) {
    /**
     * Columns of a table that a model does not take, by their names.
     *
     * @param label holds the classes
     * @param id names the rows
     * @param weight says how much a row counts
     * @param dropped were left out
     */
    public record ColumnRoles(
            Optional<String> label, Optional<String> id, Optional<String> weight, List<String> dropped) {
        /** Copies the list. */
        public ColumnRoles {
            dropped = List.copyOf(dropped);
        }

        /** {@return no such columns} */
        public static ColumnRoles none() {
            return new ColumnRoles(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
    }

    /**
     * A network by name and hash; the model file does not hold it.
     *
     * @param name as {@code io.heddle.cnn} knows it, or of the file it was read from
     * @param sha256 of its file, 64 hexadecimal digits
     */
    public record EncoderReference(String name, String sha256) {
        /**
         * Checks the hash.
         *
         * @throws io.heddle.matrix.InvalidInputException if the hash is none
         */
        public EncoderReference {
            Objects.requireNonNull(name, "name");
            requireHash(sha256);
        }
    }

    /**
     * Checks the hash.
     *
     * @throws io.heddle.matrix.InvalidInputException if the hash is none
     */
    public Provenance {
        Objects.requireNonNull(created, "created");
        dataSha256.ifPresent(Provenance::requireHash);
        options = sorted(options);
        versions = sorted(versions);
        classNames = List.copyOf(classNames);
    }

    private static SequencedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSequencedMap(new TreeMap<>(map));
    }

    private static void requireHash(String sha256) {
        require(
                sha256.matches("[0-9a-f]{64}"),
                "a SHA-256 has 64 hexadecimal digits in lower case, unlike \"%s\"",
                sha256);
    }

    /** {@return nothing but the time, to the second} */
    public static Provenance now() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new Provenance(
                now,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                ColumnRoles.none());
    }

    /**
     * {@return this provenance with another time, so that the same model makes the same file}
     *
     * @param value the new value
     */
    public Provenance withCreated(Instant value) {
        return new Provenance(value, dataSha256, seed, options, versions, classNames, encoder, roles);
    }

    /**
     * {@return this provenance with the hash of the training data}
     *
     * @param sha256 64 hexadecimal digits in lower case
     */
    public Provenance withData(String sha256) {
        return new Provenance(created, Optional.of(sha256), seed, options, versions, classNames, encoder, roles);
    }

    /**
     * {@return this provenance with a seed}
     *
     * @param value the new value
     */
    public Provenance withSeed(long value) {
        return new Provenance(created, dataSha256, Optional.of(value), options, versions, classNames, encoder, roles);
    }

    /**
     * {@return this provenance with one more option of the fit}
     *
     * @param name of the option
     * @param value the new value
     */
    public Provenance withOption(String name, String value) {
        Map<String, String> more = new TreeMap<>(options);
        more.put(name, value);
        return new Provenance(created, dataSha256, seed, more, versions, classNames, encoder, roles);
    }

    /**
     * {@return this provenance with one more version}
     *
     * @param name what it is called
     * @param value the version
     */
    public Provenance withVersion(String name, String value) {
        Map<String, String> more = new TreeMap<>(versions);
        more.put(name, value);
        return new Provenance(created, dataSha256, seed, options, more, classNames, encoder, roles);
    }

    /**
     * {@return this provenance with names of the classes, by label}
     *
     * @param names one for each class
     */
    public Provenance withClassNames(List<String> names) {
        return new Provenance(created, dataSha256, seed, options, versions, names, encoder, roles);
    }

    /**
     * {@return this provenance with the network whose features the model takes}
     *
     * @param name of the network
     * @param sha256 of its file, 64 hexadecimal digits in lower case
     */
    public Provenance withEncoder(String name, String sha256) {
        Optional<EncoderReference> reference = Optional.of(new EncoderReference(name, sha256));
        return new Provenance(created, dataSha256, seed, options, versions, classNames, reference, roles);
    }

    /**
     * {@return this provenance with what columns of the training data are}
     *
     * @param value the new value
     */
    public Provenance withRoles(ColumnRoles value) {
        return new Provenance(created, dataSha256, seed, options, versions, classNames, encoder, value);
    }
}
