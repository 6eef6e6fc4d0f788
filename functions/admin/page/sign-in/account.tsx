import { useLanguage } from '../i18n/context.tsx';
import { Button } from '../parts/button.tsx';
import { useCofre } from '../state/context.tsx';
import { signOut } from './issuer.ts';
import { settings } from './settings.ts';

/** Who is signed in, in the head of the page. */
export function Account() {
  const { t } = useLanguage();
  const { me } = useCofre().model;
  if (!settings || !me) return null;
  return (
    <div class="account">
      <span title={me.name ?? ''}>{me.name}</span>
      {me.role === 'viewer' && <small>{t.signIn.viewer}</small>}
      <Button look="quiet" onClick={signOut}>
        {t.signIn.out}
      </Button>
    </div>
  );
}
