package io.heddle.data.parquet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The footer of a Parquet file.
 *
 * @param schema root of the tree of columns
 * @param rows number of rows of all groups
 * @param groups row groups
 * @param properties key-value metadata of the writer
 */
record Footer(SchemaNode schema, long rows, List<RowGroup> groups, Map<String, String> properties) {
    /**
     * A row group.
     *
     * @param chunks one chunk per column
     */
    record RowGroup(long rows, List<Chunk> chunks) {}

    /** The location of a column chunk. */
    static final class Chunk {
        List<String> path = new ArrayList<>();
        int type = -1;
        int codec;
        long values;
        long compressedSize;
        long dataOffset;
        long dictionaryOffset;
        boolean elsewhere;
        boolean encrypted;

        /** Returns the offset of the first page. */
        long offset() {
            return dictionaryOffset > 0 ? Math.min(dictionaryOffset, dataOffset) : dataOffset;
        }
    }

    static Footer read(ByteCursor bytes) throws ParquetFault {
        ThriftReader in = new ThriftReader(bytes);
        List<SchemaNode> nodes = new ArrayList<>();
        List<RowGroup> groups = new ArrayList<>();
        Map<String, String> properties = new HashMap<>();
        long[] rows = {-1};
        in.struct(id -> {
            switch (id) {
                case 2 -> in.list(() -> nodes.add(SchemaNode.read(in)));
                case 3 -> rows[0] = in.number();
                case 4 -> in.list(() -> groups.add(group(in)));
                case 5 -> in.list(() -> property(in, properties));
                case 8 -> throw new ParquetFault("it is encrypted");
                default -> {
                    return false;
                }
            }
            return true;
        });
        long sum = 0;
        for (RowGroup group : groups) {
            if (group.rows < 0 || group.rows > Long.MAX_VALUE - sum) {
                throw new ParquetFault("a group has %d rows", group.rows);
            }
            sum += group.rows;
        }
        if (sum != rows[0]) {
            throw new ParquetFault("it declares %d rows, but its groups have %d", rows[0], sum);
        }
        return new Footer(SchemaNode.tree(nodes), sum, groups, properties);
    }

    private static void property(ThriftReader in, Map<String, String> properties) throws ParquetFault {
        String[] pair = new String[2];
        in.struct(id -> {
            if (id == 1 || id == 2) {
                pair[id - 1] = in.text();
                return true;
            }
            return false;
        });
        properties.put(pair[0], pair[1]);
    }

    private static RowGroup group(ThriftReader in) throws ParquetFault {
        List<Chunk> chunks = new ArrayList<>();
        long[] rows = {-1};
        in.struct(id -> {
            switch (id) {
                case 1 -> in.list(() -> chunks.add(chunk(in)));
                case 3 -> rows[0] = in.number();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new RowGroup(rows[0], chunks);
    }

    private static Chunk chunk(ThriftReader in) throws ParquetFault {
        Chunk chunk = new Chunk();
        in.struct(id -> {
            switch (id) {
                case 1 -> chunk.elsewhere = !in.text().isEmpty();
                case 3 -> metadata(in, chunk);
                case 8 -> {
                    chunk.encrypted = true;
                    return false;
                }
                default -> {
                    return false;
                }
            }
            return true;
        });
        return chunk;
    }

    private static void metadata(ThriftReader in, Chunk chunk) throws ParquetFault {
        in.struct(id -> {
            switch (id) {
                case 1 -> chunk.type = in.integer();
                case 3 -> in.list(() -> chunk.path.add(in.text()));
                case 4 -> chunk.codec = in.integer();
                case 5 -> chunk.values = in.number();
                case 7 -> chunk.compressedSize = in.number();
                case 9 -> chunk.dataOffset = in.number();
                case 11 -> chunk.dictionaryOffset = in.number();
                default -> {
                    return false;
                }
            }
            return true;
        });
    }
}
