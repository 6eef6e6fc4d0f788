import { type Formats, formatsFor } from './formats.ts';
import type { Messages } from './messages.ts';

export type LanguageTag = 'en' | 'pt-BR';

/** A language in use: its texts, and how it writes numbers and dates. */
export interface Language {
  readonly tag: LanguageTag;
  readonly t: Messages;
  readonly f: Formats;
}

export const LANGUAGES: readonly { readonly tag: LanguageTag; readonly name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'pt-BR', name: 'Português (Brasil)' },
];

/** Each catalogue is a file of its own, fetched when it is wanted. */
const CATALOGUES: Record<LanguageTag, () => Promise<Messages>> = {
  en: async () => (await import('./en.ts')).en,
  'pt-BR': async () => (await import('./pt-br.ts')).ptBR,
};
const KEY = 'cofre.language';

/** The language chosen on this page before, else the first that the browser asks for and we have, else English. */
export function initialTag(): LanguageTag {
  const chosen = recall();
  if (chosen === 'en' || chosen === 'pt-BR') return chosen;
  return navigator.languages.map(supported).find((tag) => tag !== undefined) ?? 'en';
}

export async function loadLanguage(tag: LanguageTag): Promise<Language> {
  return { tag, t: await CATALOGUES[tag](), f: formatsFor(regional(tag)) };
}

export function remember(tag: LanguageTag): void {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Storage may be off; then the choice lasts as long as the page.
  }
}

function recall(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function supported(locale: string): LanguageTag | undefined {
  if (/^pt\b/i.test(locale)) return 'pt-BR';
  return /^en\b/i.test(locale) ? 'en' : undefined;
}

/** The reader's own variety where there is one: British readers get British dates. */
function regional(tag: LanguageTag): string {
  return navigator.languages.find((locale) => supported(locale) === tag) ?? tag;
}
