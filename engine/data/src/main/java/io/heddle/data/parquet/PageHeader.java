package io.heddle.data.parquet;

import java.io.IOException;

/** The header of a page. */
final class PageHeader {
    static final int DATA = 0;
    static final int DICTIONARY = 2;
    static final int DATA_V2 = 3;

    /** Window sizes for reading a header. Headers can be long, because they contain minimum and maximum texts. */
    private static final int[] WINDOWS = {1 << 9, 1 << 16, 1 << 24};

    private static final int BIT_PACKED = 4;

    int headerLength;
    int type = -1;
    int size = -1;
    int packedSize = -1;
    boolean hasChecksum;
    int checksum;
    int values = -1;
    int encoding = -1;
    int definitionBytes;
    int repetitionBytes;
    boolean isPacked = true;

    static PageHeader read(FileBytes file, long at, long end) throws IOException {
        for (int window : WINDOWS) {
            int length = (int) Math.min(window, end - at);
            byte[] bytes = new byte[length];
            file.read(at, bytes, length);
            ByteCursor in = new ByteCursor(bytes, 0, length);
            try {
                PageHeader header = new PageHeader();
                header.read(new ThriftReader(in));
                header.headerLength = in.at();
                return header;
            } catch (ParquetFault e) {
                if (window == WINDOWS[WINDOWS.length - 1] || length == end - at) {
                    throw e;
                }
            }
        }
        throw new AssertionError("the last window returns or throws");
    }

    private void read(ThriftReader in) throws ParquetFault {
        in.struct(id -> {
            switch (id) {
                case 1 -> type = in.integer();
                case 2 -> size = in.integer();
                case 3 -> packedSize = in.integer();
                case 4 -> {
                    checksum = in.integer();
                    hasChecksum = true;
                }
                case 5 ->
                    in.struct(field -> {
                        switch (field) {
                            case 1 -> values = in.integer();
                            case 2 -> encoding = in.integer();
                            case 3, 4 -> requireRuns(in.integer());
                            default -> {
                                return false;
                            }
                        }
                        return true;
                    });
                case 7 ->
                    in.struct(field -> {
                        if (field == 1) {
                            values = in.integer();
                            return true;
                        }
                        return false;
                    });
                case 8 ->
                    in.struct(field -> {
                        switch (field) {
                            case 1 -> values = in.integer();
                            case 4 -> encoding = in.integer();
                            case 5 -> definitionBytes = in.integer();
                            case 6 -> repetitionBytes = in.integer();
                            case 7 -> isPacked = in.truth();
                            default -> {
                                return false;
                            }
                        }
                        return true;
                    });
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private static void requireRuns(int encoding) throws ParquetFault {
        if (encoding == BIT_PACKED) {
            throw new ParquetFault("its levels have the deprecated encoding BIT_PACKED");
        }
    }
}
