import { useLanguage } from '../i18n/context.tsx';
import { useCofre } from '../state/context.tsx';
import { DatabaseCard } from './database-card.tsx';

export function Databases() {
  const { t } = useLanguage();
  const databases = useCofre().model.databases ?? [];
  return (
    <section aria-labelledby="databases-heading">
      <h2 id="databases-heading">{t.databases.heading}</h2>
      {databases.length === 0 && (
        <p class="empty">
          <strong>{t.databases.empty}</strong> {t.databases.emptyHint}
        </p>
      )}
      <div class="cards">
        {databases.map((database) => (
          <DatabaseCard key={database.name} database={database} />
        ))}
      </div>
    </section>
  );
}
