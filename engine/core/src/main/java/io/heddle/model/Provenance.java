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
 * The origin of a model, stored in its file. Unknown values are empty.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="provenance"}
 *
 * @param created when the model was created
 * @param dataSha256 SHA-256 of the training data, 64 hexadecimal digits, see {@code ImageDataset.sha256()}
 * @param seed seed of all random numbers
 * @param options options of the fit, named as in the options' records
 * @param versions versions of the software by name, such as {@code java}; the writer adds those of Heddle and Java
 * @param classNames name of each class, by label
 * @param encoder the network whose features the model takes
 * @param roles columns of the training data that are not values
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
     * Names of the columns of a table that are not inputs of the model.
     *
     * @param label column of the classes
     * @param id column of the names of rows
     * @param weight weight of each row
     * @param dropped columns that were left out
     */
    public record ColumnRoles(
            Optional<String> label, Optional<String> id, Optional<String> weight, List<String> dropped) {
        /** Copies the list. */
        public ColumnRoles {
            dropped = List.copyOf(dropped);
        }

        /** {@return roles without any column} */
        public static ColumnRoles none() {
            return new ColumnRoles(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
    }

    /**
     * Name and hash of a network. The network itself is not part of the model file.
     *
     * @param name name in {@code io.heddle.cnn}, or of its file
     * @param sha256 of its file, 64 hexadecimal digits
     */
    public record EncoderReference(String name, String sha256) {
        /**
         * Checks the hash.
         *
         * @throws io.heddle.matrix.InvalidInputException if the hash is not valid
         */
        public EncoderReference {
            Objects.requireNonNull(name, "name");
            requireHash(sha256);
        }
    }

    /**
     * Checks the hash.
     *
     * @throws io.heddle.matrix.InvalidInputException if the hash is not valid
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

    /** {@return a provenance with only the current time, to the second} */
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
     * {@return this provenance with another time, for example to write the same model to the same bytes}
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
     * @param name name of the software
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
     * @param names one for each class, all different
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
     * {@return this provenance with other roles of columns}
     *
     * @param value the new value
     */
    public Provenance withRoles(ColumnRoles value) {
        return new Provenance(created, dataSha256, seed, options, versions, classNames, encoder, value);
    }
}
