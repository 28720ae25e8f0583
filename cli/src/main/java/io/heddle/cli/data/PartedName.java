package io.heddle.cli.data;

/**
 * The name of data and which part of them is meant: {@code fashion-mnist:test}.
 *
 * @param name without the part
 * @param part which part
 * @param explicit whether the name says so
 */
record PartedName(String name, Part part, boolean explicit) {
    /** Parts of a data set that comes split. */
    enum Part {
        TRAIN,
        TEST,
        ALL
    }

    static PartedName parse(String data) {
        for (Part part : Part.values()) {
            String suffix = ":" + part.name().toLowerCase(java.util.Locale.ROOT);
            if (data.endsWith(suffix)) {
                return new PartedName(data.substring(0, data.length() - suffix.length()), part, true);
            }
        }
        return new PartedName(data, Part.TRAIN, false);
    }
}
