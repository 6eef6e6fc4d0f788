import type { ComponentChildren } from 'preact';
import { useLanguage } from '../i18n/context.tsx';
import { LANGUAGES, type LanguageTag } from '../i18n/language.ts';

export function Header({ children }: { children?: ComponentChildren }) {
  const { t } = useLanguage();
  return (
    <header class="page-head">
      <div class="page-head-inner">
        <img src="favicon.svg" width="36" height="36" alt="" />
        <div class="page-name">
          <p class="brand">Cofre</p>
          <h1>{t.app.title}</h1>
        </div>
        {children}
        <LanguageSwitch />
      </div>
    </header>
  );
}

function LanguageSwitch() {
  const { tag, t, choose } = useLanguage();
  return (
    <label class="language">
      <span class="hidden">{t.app.language}</span>
      <select value={tag} onChange={(event) => choose(event.currentTarget.value as LanguageTag)}>
        {LANGUAGES.map(({ tag, name }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
