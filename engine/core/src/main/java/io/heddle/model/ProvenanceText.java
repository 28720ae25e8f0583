package io.heddle.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Converts a {@link Provenance} to and from the metadata of a file. */
final class ProvenanceText {
    private static final String OPTION = "option.";
    private static final String VERSION = "version.";
    private static final String ROLES = "column_roles";

    private ProvenanceText() {}

    /** A fault in the metadata; the message is a part of a sentence. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String what) {
            super(what);
        }
    }

    static void write(Provenance provenance, Map<String, String> metadata) {
        metadata.put("created", provenance.created().toString());
        String heddle = ModelFile.class.getPackage().getImplementationVersion();
        metadata.put(VERSION + "heddle", heddle == null ? "unknown" : heddle);
        metadata.put(VERSION + "java", Runtime.version().toString());
        provenance.versions().forEach((name, version) -> metadata.put(VERSION + name, version));
        provenance.dataSha256().ifPresent(hash -> metadata.put("data_sha256", hash));
        provenance.seed().ifPresent(seed -> metadata.put("seed", Long.toString(seed)));
        provenance.options().forEach((name, value) -> metadata.put(OPTION + name, value));
        if (!provenance.classNames().isEmpty()) {
            metadata.put("class_names", NamesText.write(provenance.classNames()));
        }
        if (!provenance.roles().equals(Provenance.ColumnRoles.none())) {
            StringBuilder roles = new StringBuilder();
            HeaderJson.write(json(provenance.roles()), roles);
            metadata.put(ROLES, roles.toString());
        }
        provenance.encoder().ifPresent(encoder -> {
            metadata.put("encoder", encoder.name());
            metadata.put("encoder_sha256", encoder.sha256());
        });
    }

    private static Map<String, Object> json(Provenance.ColumnRoles roles) {
        Map<String, Object> json = new LinkedHashMap<>();
        roles.label().ifPresent(name -> json.put("label", name));
        roles.id().ifPresent(name -> json.put("id", name));
        roles.weight().ifPresent(name -> json.put("weight", name));
        json.put("dropped", roles.dropped());
        return json;
    }

    private static Provenance.ColumnRoles roles(Map<String, String> metadata) throws SyntaxException {
        String text = metadata.get(ROLES);
        if (text == null) {
            return Provenance.ColumnRoles.none();
        }
        try {
            Map<String, Object> json = HeaderJson.parse(text);
            if (json.get("dropped") instanceof List<?> dropped
                    && dropped.stream().allMatch(String.class::isInstance)) {
                return new Provenance.ColumnRoles(
                        name(json, "label"),
                        name(json, "id"),
                        name(json, "weight"),
                        dropped.stream().map(String.class::cast).toList());
            }
        } catch (HeaderJson.SyntaxException e) {
            // Reported below.
        }
        throw new SyntaxException("its roles of columns are not valid");
    }

    private static Optional<String> name(Map<String, Object> json, String key) throws SyntaxException {
        Object value = json.get(key);
        if (value != null && !(value instanceof String)) {
            throw new SyntaxException("the name of its column of type \"%s\" is not a string".formatted(key));
        }
        return Optional.ofNullable((String) value);
    }

    /** @throws io.heddle.matrix.InvalidInputException if a hash is not valid */
    static Provenance read(Map<String, String> metadata) throws SyntaxException {
        Map<String, String> options = new TreeMap<>();
        Map<String, String> versions = new TreeMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(OPTION)) {
                options.put(key.substring(OPTION.length()), value);
            } else if (key.startsWith(VERSION)) {
                versions.put(key.substring(VERSION.length()), value);
            }
        });
        try {
            String encoder = metadata.get("encoder");
            return new Provenance(
                    Instant.parse(text(metadata, "created")),
                    Optional.ofNullable(metadata.get("data_sha256")),
                    Optional.ofNullable(metadata.get("seed")).map(Long::valueOf),
                    options,
                    versions,
                    classNames(metadata),
                    encoder == null
                            ? Optional.empty()
                            : Optional.of(new Provenance.EncoderReference(encoder, text(metadata, "encoder_sha256"))),
                    roles(metadata));
        } catch (DateTimeException | NumberFormatException e) {
            throw new SyntaxException("its provenance is not valid");
        }
    }

    private static String text(Map<String, String> metadata, String key) throws SyntaxException {
        String text = metadata.get(key);
        if (text == null) {
            throw new SyntaxException("its metadata has no \"%s\"".formatted(key));
        }
        return text;
    }

    private static List<String> classNames(Map<String, String> metadata) throws SyntaxException {
        String text = metadata.get("class_names");
        if (text == null) {
            return List.of();
        }
        return NamesText.parse(text).orElseThrow(() -> new SyntaxException("its class names are not valid"));
    }
}
