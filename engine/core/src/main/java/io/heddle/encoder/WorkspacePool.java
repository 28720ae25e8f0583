package io.heddle.encoder;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** A pool of unused workspaces. Acquiring and releasing one neither allocates nor locks. */
final class WorkspacePool implements AutoCloseable {
    /** Maximum number of workspaces kept. More threads at the same time sometimes create a new one. */
    private static final int CAPACITY = 64;

    private final NetworkPlan plan;
    private final AtomicReferenceArray<Workspace> spare = new AtomicReferenceArray<>(CAPACITY);
    private volatile boolean closed;

    WorkspacePool(NetworkPlan plan) {
        this.plan = plan;
    }

    /** @throws IllegalStateException if this is closed */
    Workspace take() {
        if (closed) {
            throw new IllegalStateException("this encoder is closed");
        }
        for (int i = 0; i < CAPACITY; i++) {
            Workspace one = spare.get(i);
            if (one != null && spare.compareAndSet(i, one, null)) {
                return one;
            }
        }
        return new Workspace(plan);
    }

    void release(Workspace workspace) {
        // A segment of the caller must not be kept reachable.
        workspace.images = null;
        for (int i = 0; i < CAPACITY; i++) {
            if (!closed && spare.get(i) == null && spare.compareAndSet(i, null, workspace)) {
                if (closed) {
                    close();
                }
                return;
            }
        }
        workspace.close();
    }

    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < CAPACITY; i++) {
            Workspace one = spare.getAndSet(i, null);
            if (one != null) {
                one.close();
            }
        }
    }
}
