import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../fault.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Banner } from '../parts/banner.tsx';
import { Button } from '../parts/button.tsx';
import { FaultText } from '../parts/fault-box.tsx';
import { Header } from '../parts/header.tsx';
import { StopIcon } from '../parts/icons.tsx';
import { signIn } from './issuer.ts';
import { settings } from './settings.ts';
import { current, onChange } from './tokens.ts';

interface GateProps {
  readonly children: ComponentChildren;
  /** Why a sign-in that was tried just now failed. */
  readonly fault: Fault | null;
}

/** Where there is a sign-in, shows what is inside only to those who are signed in. */
export function Gate({ children, fault }: GateProps) {
  const { t } = useLanguage();
  const [signedIn, setSignedIn] = useState(current() !== null);
  useEffect(() => onChange(setSignedIn), []);
  if (!settings || signedIn) return <>{children}</>;
  return (
    <>
      <Header />
      <main>
        <div role="alert">
          {fault && (
            <Banner look="failing" icon={StopIcon}>
              <FaultText fault={fault} />
            </Banner>
          )}
        </div>
        <section class="sign-in">
          <h2>{t.signIn.heading}</h2>
          <p>{t.signIn.why}</p>
          <Button look="primary" onClick={signIn}>
            {t.signIn.submit}
          </Button>
        </section>
      </main>
    </>
  );
}
