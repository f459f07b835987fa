import { useCallback, useEffect, useRef, useState } from 'react';

import type { DesignChange } from '../../../api/bindings/DesignChange';
import type { DesignPage } from '../../../api/bindings/DesignPage';
import { call } from '../../../api/call';
import { CallFailure } from '../../../api/failure';
import type { Sheet } from '../../../parts/drawing-board';

export interface Design {
  page: DesignPage | null;
  /** The document the canvas is to show. */
  sheet: Sheet | null;
  /** Something is being kept. */
  busy: boolean;
  error: CallFailure | null;
  /** Makes changes; `shown` where the canvas shows them already. One after the other, in the order they were made. */
  edit: (done: string, changes: DesignChange[], shown: boolean) => void;
  undo: () => void;
  redo: () => void;
  rename: (name: string) => void;
  dismiss: () => void;
}

/** A working copy: what Rust says of it, and what is being done to it. */
export function useDesign(id: string): Design {
  const [page, setPage] = useState<DesignPage | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<CallFailure | null>(null);
  const revision = useRef(0);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  const take = useCallback((next: DesignPage) => {
    revision.current = next.design.revision;
    setPage(next);
    const { xml } = next;
    if (xml !== null) setSheet((now) => ({ xml, at: (now?.at ?? 0) + 1 }));
  }, []);
  const enqueue = useCallback(
    (work: () => Promise<DesignPage>) => {
      setWaiting((n) => n + 1);
      const done = queue.current.then(work).then(
        (next) => {
          setError(null);
          take(next);
        },
        async (thrown: unknown) => {
          setError(CallFailure.from(thrown));
          // What the canvas shows may not be what was kept: the document as it is takes its place.
          await call('workflow.show_design', { design: id }).then(take, () => {});
        },
      );
      queue.current = done.finally(() => setWaiting((n) => n - 1));
    },
    [id, take],
  );
  // The first reading is a step of the queue like every other: what is counted as waiting is this very effect.
  // oxlint-disable-next-line react/set-state-in-effect
  useEffect(() => enqueue(() => call('workflow.show_design', { design: id })), [enqueue, id]);

  return {
    page,
    sheet,
    busy: waiting > 0,
    error,
    edit: useCallback((done, changes, shown) => enqueue(() => call('workflow.edit_design', { design: id, after: revision.current, done, changes, shown })), [enqueue, id]),
    undo: useCallback(() => enqueue(() => call('workflow.undo_design', { design: id })), [enqueue, id]),
    redo: useCallback(() => enqueue(() => call('workflow.redo_design', { design: id })), [enqueue, id]),
    rename: useCallback((name) => enqueue(() => call('workflow.rename_design', { design: id, name })), [enqueue, id]),
    dismiss: useCallback(() => setError(null), []),
  };
}
