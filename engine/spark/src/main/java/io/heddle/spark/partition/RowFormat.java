package io.heddle.spark.partition;

import static io.heddle.matrix.InvalidInputException.require;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a data set with the features, the labels and the weights.
 *
 * @param features name of the column of features
 * @param kind how they are stored
 * @param nullable whether values of arrays may be null
 * @param label name of the column of labels, or null
 * @param weight name of the column of weights, or null for weight 1
 * @param unit whether rows are scaled to length 1, for the cosine distance
 */
public record RowFormat(String features, Kind kind, boolean nullable, String label, String weight, boolean unit)
        implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** How features are stored. */
    public enum Kind {
        /** Spark ML's vectors, dense or sparse. */
        VECTOR,
        /** Arrays of floats. */
        FLOATS,
        /** Arrays of doubles. */
        DOUBLES
    }

    /**
     * Finds the columns in a schema.
     *
     * @param schema of the data set
     * @param features name of the column of features
     * @param label name of the column of labels, or null
     * @param weight name of the column of weights, null or empty for weight 1
     * @return the format
     * @throws io.heddle.matrix.InvalidInputException if a column is missing or has another type
     */
    public static RowFormat of(StructType schema, String features, String label, String weight) {
        DataType type = field(schema, features).dataType();
        boolean weighted = weight != null && !weight.isEmpty();
        if (label != null) {
            requireNumbers(schema, label);
        }
        if (weighted) {
            requireNumbers(schema, weight);
        }
        boolean nullable = type instanceof ArrayType array && array.containsNull();
        return new RowFormat(features, kind(features, type), nullable, label, weighted ? weight : null, false);
    }

    /** {@return this format, with rows that are scaled to length 1} */
    public RowFormat ofUnitLength() {
        return new RowFormat(features, kind, nullable, label, weight, true);
    }

    /**
     * Checks that a column holds rows of features.
     *
     * @param schema of the data set
     * @param features name of the column
     * @throws io.heddle.matrix.InvalidInputException if the column is missing or has another type
     */
    public static void requireFeatures(StructType schema, String features) {
        kind(features, field(schema, features).dataType());
    }

    private static StructField field(StructType schema, String name) {
        for (StructField field : schema.fields()) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new io.heddle.matrix.InvalidInputException(
                "there is no column '%s'; the data set has %s".formatted(name, String.join(", ", schema.fieldNames())));
    }

    private static Kind kind(String name, DataType type) {
        if (type.equals(SQLDataTypes.VectorType())) {
            return Kind.VECTOR;
        }
        if (type instanceof ArrayType array && array.elementType().equals(DataTypes.FloatType)) {
            return Kind.FLOATS;
        }
        require(
                type instanceof ArrayType array && array.elementType().equals(DataTypes.DoubleType),
                "column '%s' is of type %s; features must be of type vector, array<float> or array<double>",
                name,
                type.simpleString());
        return Kind.DOUBLES;
    }

    private static void requireNumbers(StructType schema, String name) {
        DataType type = field(schema, name).dataType();
        require(
                type instanceof NumericType || type.equals(DataTypes.BooleanType),
                "column '%s' is of type %s; it must hold numbers",
                name,
                type.simpleString());
    }

    boolean hasLabels() {
        return label != null;
    }

    boolean hasWeights() {
        return weight != null;
    }

    /** The columns that are read, in the order in which {@link PartitionReader} takes them. */
    Dataset<?> select(Dataset<?> data) {
        List<Column> columns = new ArrayList<>();
        columns.add(quoted(data, features));
        if (label != null) {
            columns.add(quoted(data, label).cast(DataTypes.DoubleType));
        }
        if (weight != null) {
            columns.add(quoted(data, weight).cast(DataTypes.DoubleType));
        }
        return data.select(columns.toArray(Column[]::new));
    }

    /** Names can contain dots. */
    private static Column quoted(Dataset<?> data, String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
