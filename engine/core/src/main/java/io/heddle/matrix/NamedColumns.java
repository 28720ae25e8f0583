package io.heddle.matrix;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.List;
import java.util.Objects;

/** Validates the names of columns. */
final class NamedColumns {
    private NamedColumns() {}

    /** Returns a copy of the names, which may be none. */
    static List<String> of(List<String> names, int columns) {
        require(names.stream().noneMatch(Objects::isNull), "a column has null as its name");
        require(
                names.isEmpty() || names.size() == columns,
                "%d names do not fit a matrix of %d columns",
                names.size(),
                columns);
        return List.copyOf(names);
    }
}
