package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Columns of data sets that models read and add. */
final class SchemaColumns {
    private SchemaColumns() {}

    /** Returns the schema with an additional column. */
    static StructType appended(StructType schema, String name, DataType type) {
        require(
                !Arrays.asList(schema.fieldNames()).contains(name),
                "the data set already has a column '%s'; choose another name for the output column or drop that one",
                name);
        return schema.add(name, type, false);
    }

    /** A column of features as vectors; arrays are converted. */
    static Column vectors(Dataset<?> data, String name) {
        Column column = data.col("`" + name.replace("`", "``") + "`");
        DataType type = data.schema().apply(name).dataType();
        return type.equals(SQLDataTypes.VectorType()) ? column : functions.array_to_vector(column);
    }
}
