import { render } from 'preact';
import { App } from './app.tsx';
import { LanguageProvider } from './i18n/context.tsx';
import { initialTag, loadLanguage } from './i18n/language.ts';
import { known } from './known.ts';
import { Gate } from './sign-in/gate.tsx';
import { returned } from './sign-in/issuer.ts';
import { CofreProvider } from './state/context.tsx';
import { NoticesProvider } from './state/notices.tsx';

const [language, fault] = await Promise.all([loadLanguage(initialTag()), returned()]);

render(
  <LanguageProvider initial={language}>
    <NoticesProvider>
      <Gate fault={fault}>
        <CofreProvider>
          <App />
        </CofreProvider>
      </Gate>
    </NoticesProvider>
  </LanguageProvider>,
  known(document.getElementById('app')),
);
