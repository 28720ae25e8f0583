package io.heddle.data.parquet;

import java.util.ArrayList;
import java.util.List;

/** A node of the schema: a group of nodes, or a column of values. */
final class SchemaNode {
    static final int REQUIRED = 0;
    static final int REPEATED = 2;

    String name = "";
    /** Physical type; −1 for a group. */
    int type = -1;

    int length;
    int repetition = REQUIRED;
    int childCount;
    int convertedType = -1;
    int scale;
    final LogicalType logical = new LogicalType();
    final List<SchemaNode> children = new ArrayList<>();

    /** The logical type of newer files. */
    static final class LogicalType {
        static final int STRING = 1;
        static final int MAP = 2;
        static final int LIST = 3;
        static final int ENUM = 4;
        static final int DECIMAL = 5;
        static final int DATE = 6;
        static final int TIME = 7;
        static final int TIMESTAMP = 8;
        static final int INTEGER = 10;
        static final int UNKNOWN = 11;
        static final int JSON = 12;
        static final int UUID = 14;
        static final int FLOAT16 = 15;

        /** Number of the type; 0 if the file has none. */
        int id;

        int scale;
        /** 1 for milliseconds, 2 for microseconds, 3 for nanoseconds. */
        int unit;

        boolean signed = true;
    }

    boolean isGroup() {
        return type < 0;
    }

    static SchemaNode read(ThriftReader in) throws ParquetFault {
        SchemaNode node = new SchemaNode();
        in.struct(id -> {
            switch (id) {
                case 1 -> node.type = in.integer();
                case 2 -> node.length = in.integer();
                case 3 -> node.repetition = in.integer();
                case 4 -> node.name = in.text();
                case 5 -> node.childCount = in.integer();
                case 6 -> node.convertedType = in.integer();
                case 7 -> node.scale = in.integer();
                case 10 -> node.readLogicalType(in);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return node;
    }

    private void readLogicalType(ThriftReader in) throws ParquetFault {
        in.struct(kind -> {
            logical.id = kind;
            if (!in.isStruct()) {
                return false;
            }
            in.struct(id -> {
                if (kind == LogicalType.DECIMAL && id == 1) {
                    logical.scale = in.integer();
                } else if (kind == LogicalType.INTEGER && id == 2) {
                    logical.signed = in.truth();
                } else if ((kind == LogicalType.TIME || kind == LogicalType.TIMESTAMP) && id == 2) {
                    in.struct(unit -> {
                        logical.unit = unit;
                        return false;
                    });
                } else {
                    return false;
                }
                return true;
            });
            return true;
        });
    }

    /** Builds the tree from its nodes in preorder. */
    static SchemaNode tree(List<SchemaNode> flat) throws ParquetFault {
        if (flat.isEmpty()) {
            throw new ParquetFault("it has no columns");
        }
        int[] next = {0};
        SchemaNode root = tree(flat, next, 0);
        if (next[0] != flat.size()) {
            throw new ParquetFault("its schema has %d nodes, but %d are in the tree", flat.size(), next[0]);
        }
        return root;
    }

    private static SchemaNode tree(List<SchemaNode> flat, int[] next, int depth) throws ParquetFault {
        if (next[0] >= flat.size() || depth > 64) {
            throw new ParquetFault("its schema is cut short or too deep");
        }
        SchemaNode node = flat.get(next[0]++);
        if (node.childCount < 0 || node.childCount > flat.size()) {
            throw new ParquetFault("a group of columns has %d children", node.childCount);
        }
        for (int i = 0; i < node.childCount; i++) {
            node.children.add(tree(flat, next, depth + 1));
        }
        return node;
    }
}
