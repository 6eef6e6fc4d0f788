import { useLanguage } from '../i18n/context.tsx';
import type { Language } from '../i18n/language.ts';
import { CheckIcon, StopIcon } from '../parts/icons.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { LocalTime } from '../parts/time.tsx';
import type { PruneDecision, PruneResult } from '../types.ts';

export function removals({ decisions }: PruneResult): readonly PruneDecision[] {
  return decisions.filter(({ action }) => action === 'remove');
}

/** What a policy would keep and remove, each with its reason. */
export function PrunePreview({ result }: { result: PruneResult }) {
  const { t } = useLanguage();
  return (
    <div class="preview">
      <Scroll label={t.prune.preview}>
        <table class="small">
          <thead>
            <tr>
              <th scope="col">{t.backups.when}</th>
              <th scope="col" class="figure">
                {t.backups.size}
              </th>
              <th scope="col">{t.prune.decision}</th>
              <th scope="col">{t.prune.reason}</th>
            </tr>
          </thead>
          <tbody>
            {removalsFirst(result).map((decision) => (
              <DecisionRow key={decision.id} decision={decision} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

/** What goes is what the reader has to look at. */
function removalsFirst(result: PruneResult): readonly PruneDecision[] {
  return [...removals(result), ...result.decisions.filter(({ action }) => action === 'keep')];
}

/** In a sentence; spoken by screen readers, unlike the table. */
export function previewSummary(result: PruneResult, { t, f }: Language): string {
  const going = removals(result);
  if (going.length === 0) return t.prune.nothing;
  const bytes = going.reduce((sum, { size }) => sum + size, 0);
  const summary = t.prune.summary(result.decisions.length - going.length, going.length, f.size(bytes));
  const replaced = result.replaced.map(({ name }) => name);
  return replaced.length === 0 ? summary : `${summary} ${t.prune.replaced(replaced)}`;
}

function DecisionRow({ decision: { startedAt, size, action, reason } }: { decision: PruneDecision }) {
  const language = useLanguage();
  const { t, f } = language;
  return (
    <tr class={action}>
      <td>
        <LocalTime at={startedAt} />
      </td>
      <td class="figure">{f.size(size)}</td>
      <td class="decision">
        {action === 'keep' ? <CheckIcon /> : <StopIcon />}
        {t.prune.action[action]}
      </td>
      <td>{reasonIn(reason, language)}</td>
    </tr>
  );
}

/** The API gives reasons in English; known sentences are said in the reader's language with the same figures. */
function reasonIn(reason: string, { t, f }: Language) {
  const figures = reason.match(/\d+(\.\d+)?/g) ?? [];
  const known = t.prune.reasons[reason.replaceAll(/\d+(\.\d+)?/g, '#')];
  if (!known) return <span lang="en">{reason}</span>;
  let next = 0;
  return known.replaceAll('#', () => f.number(Number(figures[next++])));
}
