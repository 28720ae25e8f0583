package io.heddle.spark.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;
import scala.Tuple4;

/**
 * Sums of the results of neighbouring partitions, computed in the executors. Spark's {@code treeAggregate} adds results
 * in the order in which they arrive. Here the results of a group are sorted by partition first.
 */
final class OrderedSums {
    private static final String BETWEEN = " ";

    private OrderedSums() {}

    /** Assigns group g to partition g. */
    private static final class Groups extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int groups;

        Groups(int groups) {
            this.groups = groups;
        }

        @Override
        public int numPartitions() {
            return groups;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Groups that && that.groups == groups;
        }

        @Override
        public int hashCode() {
            return groups;
        }
    }

    /** The results of the groups, in the order of the groups. */
    static JavaRDD<Tuple4<Integer, String, String, Object>> merge(
            JavaRDD<Tuple4<Integer, String, String, Object>> results, int size, int groups) {
        return results.mapToPair(result -> new Tuple2<>(result._1() / size, result))
                .partitionBy(new Groups(groups))
                .mapPartitions(OrderedSums::mergeGroup);
    }

    private static Iterator<Tuple4<Integer, String, String, Object>> mergeGroup(
            Iterator<Tuple2<Integer, Tuple4<Integer, String, String, Object>>> group) {
        List<Tuple4<Integer, String, String, Object>> members = new ArrayList<>();
        int number = 0;
        while (group.hasNext()) {
            Tuple2<Integer, Tuple4<Integer, String, String, Object>> next = group.next();
            number = next._1();
            members.add(next._2());
        }
        members.sort(Comparator.comparing(Tuple4::_1));
        StringBuilder places = new StringBuilder();
        String refused = null;
        double[] sum = null;
        for (Tuple4<Integer, String, String, Object> member : members) {
            places.append(placed(member)).append(BETWEEN);
            refused = refused == null ? member._3() : refused;
            sum = add(sum, (double[]) member._4());
        }
        return List.of(new Tuple4<>(number, places.toString().strip(), refused, (Object) sum))
                .iterator();
    }

    /**
     * The locations of partitions: {@code number=location}, separated by blanks. The location of a single partition has
     * no number.
     */
    private static String placed(Tuple4<Integer, String, String, Object> result) {
        return result._2().contains("=") ? result._2() : result._1() + "=" + result._2();
    }

    /** Records the locations of the partitions of a result. */
    static void locations(Tuple4<Integer, String, String, Object> result, String[] locations) {
        for (String place : placed(result).split(BETWEEN)) {
            int at = place.indexOf('=');
            locations[Integer.parseInt(place.substring(0, at))] = place.substring(at + 1);
        }
    }

    /** Adds to a sum, which is changed; either may be null. */
    static double[] add(double[] sum, double[] more) {
        if (more == null || sum == null) {
            return more == null ? sum : more;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
        return sum;
    }
}
