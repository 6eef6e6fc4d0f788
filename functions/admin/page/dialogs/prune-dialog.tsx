import { useState } from 'preact/hooks';
import { api } from '../api.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import { useNotices } from '../state/notices.tsx';
import type { PrunePolicy, PruneResult } from '../types.ts';
import { PolicyFields } from './policy-fields.tsx';
import { PrunePreview, previewSummary, removals } from './prune-preview.tsx';

interface PruneDialogProps {
  readonly database: string;
  readonly onClose: () => void;
}

/** Removes old backups, but only after a preview of the same policy. */
export function PruneDialog({ database, onClose }: PruneDialogProps) {
  const language = useLanguage();
  const { t, f } = language;
  const { session } = useCofre();
  const { tell } = useNotices();
  const [policy, setPolicy] = useState<PrunePolicy>({ days: 30 });
  const [preview, setPreview] = useState<PruneResult | null>(null);
  const work = useAction();
  const going = preview ? removals(preview).length : 0;
  return (
    <Dialog title={t.prune.title(database)} onClose={onClose} wide>
      <form onSubmit={show}>
        <p>{t.prune.intro}</p>
        <PolicyFields policy={policy} onChange={choose} />
        <Button type="submit" busy={work.busy}>
          {t.prune.preview}
        </Button>
      </form>
      <p role="status" class="preview-summary">
        {preview && previewSummary(preview, language)}
      </p>
      {preview && <PrunePreview result={preview} />}
      <FaultAlert fault={work.fault} />
      <footer class="dialog-actions">
        <Button onClick={onClose}>{t.app.cancel}</Button>
        {going > 0 && (
          <Button look="danger" busy={work.busy} onClick={remove}>
            {t.prune.submit(going)}
          </Button>
        )}
      </footer>
    </Dialog>
  );

  /** Another policy has another outcome, so the preview goes. */
  function choose(next: PrunePolicy): void {
    setPolicy(next);
    setPreview(null);
  }

  async function show(event: Event): Promise<void> {
    event.preventDefault();
    await work.run(async () => setPreview(await api.prune(database, policy, true)));
  }

  async function remove(): Promise<void> {
    await work.run(async () => {
      const { removed, freedBytes } = await api.prune(database, policy, false);
      onClose();
      tell(t.prune.done(removed, f.size(freedBytes)));
      await session.backupsChanged();
    });
  }
}
