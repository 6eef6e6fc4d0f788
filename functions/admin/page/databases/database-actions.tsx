import { useState } from 'preact/hooks';
import { api } from '../api.ts';
import { PruneDialog } from '../dialogs/prune-dialog.tsx';
import { useLanguage } from '../i18n/context.tsx';
import { Button } from '../parts/button.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { PlusIcon } from '../parts/icons.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import type { Database } from '../types.ts';

interface DatabaseActionsProps {
  readonly database: Database;
  /** A job has the database to itself. */
  readonly busy: boolean;
}

export function DatabaseActions({ database: { name, health }, busy }: DatabaseActionsProps) {
  const { t } = useLanguage();
  const { follow } = useCofre();
  const [pruning, setPruning] = useState(false);
  const start = useAction();
  return (
    <>
      <FaultAlert fault={start.fault} class="card-alert" />
      <footer class="card-actions">
        <Button look="primary" busy={busy || start.busy} onClick={createBackup}>
          <PlusIcon />
          {t.databases.create}
        </Button>
        {health.lastBackup && (
          <Button look="quiet" onClick={() => setPruning(true)}>
            {t.databases.prune}
          </Button>
        )}
      </footer>
      {pruning && <PruneDialog database={name} onClose={() => setPruning(false)} />}
    </>
  );

  function createBackup(): Promise<boolean> {
    return start.run(async () => follow((await api.startBackup(name)).job));
  }
}
