import { useState } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import type { PrunePolicy } from '../types.ts';

interface PolicyFieldsProps {
  readonly policy: PrunePolicy;
  readonly onChange: (policy: PrunePolicy) => void;
}

/** By age or by number; each keeps its figure while the other is chosen. */
export function PolicyFields({ policy, onChange }: PolicyFieldsProps) {
  const { t } = useLanguage();
  const [days, setDays] = useState(30);
  const [count, setCount] = useState(10);
  const byAge = 'days' in policy;
  return (
    <fieldset class="policy">
      <legend>{t.prune.policy}</legend>
      <PolicyField
        words={t.prune.days}
        label={t.prune.numberOfDays}
        chosen={byAge}
        value={days}
        max={36_500}
        onChange={(value) => {
          setDays(value);
          onChange({ days: value });
        }}
      />
      <PolicyField
        words={t.prune.keepLast}
        label={t.prune.numberOfBackups}
        chosen={!byAge}
        value={count}
        max={100_000}
        onChange={(value) => {
          setCount(value);
          onChange({ keepLast: value });
        }}
      />
    </fieldset>
  );
}

interface PolicyFieldProps {
  readonly words: readonly [before: string, after: string];
  /** Of the number, for assistive technology. */
  readonly label: string;
  readonly chosen: boolean;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

function PolicyField({ words: [before, after], label, chosen, value, max, onChange }: PolicyFieldProps) {
  return (
    <div class="policy-field">
      <label>
        <input type="radio" name="policy" checked={chosen} onChange={() => onChange(value)} />
        {before}
      </label>
      <input
        type="number"
        min={1}
        max={max}
        required={chosen}
        value={value}
        aria-label={label}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <span>{after}</span>
    </div>
  );
}
