package io.heddle.data.parquet;

import io.heddle.data.parquet.SchemaNode.LogicalType;
import java.util.ArrayList;
import java.util.List;

/** A column of values in a Parquet file: flat, or a list in each row. */
public final class ParquetColumn {
    /** The meaning of the doubles of a column. */
    public enum Meaning {
        NUMBER,
        BOOLEAN,
        /** Days since 1970-01-01. */
        DATE,
        /** Seconds since 1970-01-01T00:00Z. */
        TIMESTAMP,
        TEXT
    }

    private static final int MAXIMUM_NESTED = 64;

    private final String name;
    private final List<String> path;
    private final SchemaNode leaf;
    private final int place;
    private final int definition;
    private final int repetition;
    private final int elementDefinition;
    private final String problem;
    private ValueSink sink;

    private ParquetColumn(
            String name,
            List<String> path,
            SchemaNode leaf,
            int place,
            int definition,
            int repetition,
            int elementDefinition,
            String problem) {
        this.name = name;
        this.path = List.copyOf(path);
        this.leaf = leaf;
        this.place = place;
        this.definition = definition;
        this.repetition = repetition;
        this.elementDefinition = elementDefinition;
        this.problem = problem;
        this.sink = new NumberSink(leaf);
    }

    /** Returns the columns of a file in its order, including unsupported ones. */
    static List<ParquetColumn> of(SchemaNode root) throws ParquetFault {
        List<ParquetColumn> columns = new ArrayList<>();
        for (SchemaNode child : root.children) {
            collect(child, new ArrayList<>(), 0, 0, 0, "", columns);
        }
        if (columns.isEmpty()) {
            throw new ParquetFault("it has no columns");
        }
        return columns;
    }

    /** @param list name of the list that contains the node, or empty */
    private static void collect(
            SchemaNode node,
            List<String> above,
            int definitionAbove,
            int repetitionAbove,
            int elementAbove,
            String list,
            List<ParquetColumn> columns)
            throws ParquetFault {
        if (above.size() > MAXIMUM_NESTED) {
            throw new ParquetFault("its columns have more than %d nested levels", MAXIMUM_NESTED);
        }
        List<String> path = new ArrayList<>(above);
        path.add(node.name);
        boolean repeated = node.repetition == SchemaNode.REPEATED;
        int definition = definitionAbove + (node.repetition == SchemaNode.REQUIRED ? 0 : 1);
        int repetition = repetitionAbove + (repeated ? 1 : 0);
        int element = repeated ? definition : elementAbove;
        String named = list;
        if (named.isEmpty() && (repeated || node.isGroup() && isList(node))) {
            named = String.join(".", path);
        }
        if (!node.isGroup()) {
            columns.add(new ParquetColumn(
                    repetition == 0 || named.isEmpty() ? String.join(".", path) : named,
                    path,
                    node,
                    columns.size(),
                    definition,
                    repetition,
                    element,
                    problem(node, repetition)));
            return;
        }
        int before = columns.size();
        for (SchemaNode child : node.children) {
            collect(child, path, definition, repetition, element, named, columns);
        }
        if (repeated && columns.size() - before > 1) {
            for (int j = before; j < columns.size(); j++) {
                columns.set(j, columns.get(j).refused("maps, or lists of several values"));
            }
        }
    }

    private static boolean isList(SchemaNode node) {
        return node.logical.id == LogicalType.LIST || node.convertedType == 3;
    }

    private static String problem(SchemaNode leaf, int repetition) {
        if (repetition > 1) {
            return "lists of lists";
        }
        if (NumberSink.meaning(leaf) == null) {
            return "bytes of another kind";
        }
        return repetition == 1 && NumberSink.meaning(leaf) == Meaning.TEXT ? "lists of texts" : null;
    }

    private ParquetColumn refused(String why) {
        return new ParquetColumn(
                String.join(".", path), path, leaf, place, definition, repetition, elementDefinition, why);
    }

    /** Returns the name. The names of nested columns are joined with dots. */
    public String name() {
        return name;
    }

    /** Returns a description of the unsupported type; null if the column can be read. */
    public String problem() {
        return problem;
    }

    /** Returns the meaning of the values. */
    public Meaning meaning() {
        return NumberSink.meaning(leaf);
    }

    /** Returns whether each row has a list of values. */
    public boolean isList() {
        return repetition > 0;
    }

    /** Returns whether the values are floating-point numbers. */
    public boolean isFloat() {
        return leaf.type == ValueDecoder.FLOAT
                || leaf.type == ValueDecoder.DOUBLE
                || leaf.type == ValueDecoder.FIXED && leaf.logical.id == LogicalType.FLOAT16;
    }

    /** Returns whether the values are whole numbers or decimals that doubles may round. */
    public boolean isWhole() {
        return meaning() == Meaning.NUMBER && !isFloat() && NumberSink.unit(leaf) == 0;
    }

    /** Returns the NumPy name of the type, if there is one. */
    public String dtype() {
        return NumberSink.dtype(leaf);
    }

    /** Sets the index that numbers texts from 0. */
    @FunctionalInterface
    public interface Numbering {
        double of(char[] text, int from, int to);
    }

    /** Reads the values as texts, numbered, instead of as numbers. */
    public void readAsText(Numbering numbering) {
        sink = new TextSink(leaf, numbering);
    }

    ValueSink sink() {
        return sink;
    }

    List<String> path() {
        return path;
    }

    /** Returns the index among all columns of the file. */
    public int place() {
        return place;
    }

    int type() {
        return leaf.type;
    }

    /** Returns the size of a value of fixed length in bytes. */
    int length() {
        return leaf.length;
    }

    /** Returns the definition level of a value that is not missing. */
    int definition() {
        return definition;
    }

    int repetition() {
        return repetition;
    }

    /** Returns the minimum definition level of a list element. */
    int elementDefinition() {
        return elementDefinition;
    }

    /** Returns whether another file has the same column. */
    public boolean equalsIn(ParquetColumn other) {
        return path.equals(other.path)
                && leaf.type == other.leaf.type
                && meaning() == other.meaning()
                && leaf.logical.id == other.leaf.logical.id
                && NumberSink.scale(leaf) == NumberSink.scale(other.leaf);
    }
}
