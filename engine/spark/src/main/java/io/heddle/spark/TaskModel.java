package io.heddle.spark;

import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model of the core inside a task. It is created for the first row and freed when the task ends. Outside of a task,
 * as for small data sets in the driver, it is freed after this object was garbage-collected.
 *
 * @param <M> the model of the core
 */
final class TaskModel<M extends AutoCloseable> implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong OPEN = new AtomicLong();

    private final Broadcast<? extends ModelParts<M>> broadcast;
    private final ModelParts<M> own;
    private transient M model;

    TaskModel(Broadcast<? extends ModelParts<M>> parts) {
        broadcast = parts;
        own = null;
    }

    /** Of parts that are sent with each stage. */
    TaskModel(ModelParts<M> parts) {
        broadcast = null;
        own = parts;
    }

    /** The number of models that are open in this JVM. */
    static long open() {
        return OPEN.get();
    }

    /** Closes a model once. */
    private static final class Closing implements Runnable {
        private AutoCloseable model;

        Closing(AutoCloseable model) {
            this.model = model;
        }

        @Override
        public synchronized void run() {
            if (model == null) {
                return;
            }
            try {
                model.close();
            } catch (Exception e) {
                throw new IllegalStateException("a model cannot be closed", e);
            }
            model = null;
            OPEN.decrementAndGet();
        }
    }

    synchronized M get() {
        if (model == null) {
            model = (own == null ? broadcast.value() : own).open();
            OPEN.incrementAndGet();
            Closing closing = new Closing(model);
            TaskContext context = TaskContext.get();
            if (context == null) {
                CLEANER.register(this, closing);
            } else {
                context.addTaskCompletionListener(ended -> {
                    closing.run();
                    forget();
                });
            }
        }
        return model;
    }

    private synchronized void forget() {
        model = null;
    }
}
