package dev.rekur.inference;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Workspaces that wait for their next call; keeps a few, without locks and without allocating. */
final class WorkspacePool {
    private static final int SIZE = 16;

    private final AtomicReferenceArray<CallWorkspace> idle = new AtomicReferenceArray<>(SIZE);
    private final IdleBudget budget;

    WorkspacePool(IdleBudget budget) {
        this.budget = budget;
    }

    /** An idle workspace, or null. */
    @Nullable
    CallWorkspace take() {
        for (int i = 0; i < SIZE; i++) {
            if (idle.getPlain(i) != null) {
                CallWorkspace workspace = idle.getAndSet(i, null);
                if (workspace != null) {
                    budget.release(workspace.sizeBytes());
                    return workspace;
                }
            }
        }
        return null;
    }

    /** Keeps a workspace for later, or drops it if there are enough, or too large ones. */
    void give(CallWorkspace workspace) {
        if (!budget.reserve(workspace.sizeBytes())) {
            return;
        }
        for (int i = 0; i < SIZE; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, workspace)) {
                return;
            }
        }
        budget.release(workspace.sizeBytes());
    }
}
