/** Bytes that wait for the server, all sessions together. */
export interface Room {
  /** Notes more of them; resolves when not too many are left. */
  take(bytes: number): Promise<void>;
  give(bytes: number): void;
  /** Nobody waits any more: all is in vain. */
  open(): void;
}

/** @param most bytes that may wait without whoever brings more having to wait, too */
export function roomFor(most: number): Room {
  let [waiting, isOpen] = [0, false];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    take: async (bytes) => {
      waiting += bytes;
      while (waiting > most && !isOpen) await changed.promise;
    },
    give: (bytes) => {
      waiting -= bytes;
      tell();
    },
    open: () => {
      isOpen = true;
      tell();
    },
  };
}
