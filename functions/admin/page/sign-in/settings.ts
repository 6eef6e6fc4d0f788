import type { PageSignIn } from '../../sign-in.ts';

const told = document.querySelector<HTMLMetaElement>('meta[name=sign-in]')?.content;

/** What the page was served with; `null` where there is no sign-in. */
export const settings: PageSignIn | null = told ? JSON.parse(told) : null;

/** The page's own address, where the issuer sends people back to. */
export const here = () => location.origin + location.pathname;
