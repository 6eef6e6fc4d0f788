import { useState } from 'preact/hooks';
import { type Fault, toFault } from '../fault.ts';

interface Action {
  readonly busy: boolean;
  readonly fault: Fault | null;
  /** Runs `work` unless one is under way; a failure becomes `fault`. Says whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** What a button sets off: one at a time, its failure kept to be shown beside it. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  return { busy, fault, run };

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setFault(null);
    try {
      await work();
      return true;
    } catch (error) {
      setFault(toFault(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
}
