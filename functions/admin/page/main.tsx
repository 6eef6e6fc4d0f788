import { render } from 'preact';
import { App } from './app.tsx';
import { LanguageProvider } from './i18n/context.tsx';
import { initialTag, loadLanguage } from './i18n/language.ts';
import { CofreProvider } from './state/context.tsx';
import { NoticesProvider } from './state/notices.tsx';

const language = await loadLanguage(initialTag());

render(
  <LanguageProvider initial={language}>
    <NoticesProvider>
      <CofreProvider>
        <App />
      </CofreProvider>
    </NoticesProvider>
  </LanguageProvider>,
  document.getElementById('app')!,
);
