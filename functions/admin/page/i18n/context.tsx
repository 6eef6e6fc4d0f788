import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { known } from '../known.ts';
import { type Language, type LanguageTag, loadLanguage, remember } from './language.ts';

interface Choice extends Language {
  choose(tag: LanguageTag): Promise<void>;
}

interface LanguageProviderProps {
  readonly initial: Language;
  readonly children: ComponentChildren;
}

const Context = createContext<Choice | null>(null);

/** Texts and formats for everything inside; keeps `<html lang>` and the title in step. */
export function LanguageProvider({ initial, children }: LanguageProviderProps) {
  const [language, setLanguage] = useState(initial);
  useEffect(() => {
    document.documentElement.lang = language.tag;
    document.title = `${language.t.app.title} · Cofre`;
  }, [language]);
  return <Context.Provider value={{ ...language, choose }}>{children}</Context.Provider>;

  async function choose(tag: LanguageTag): Promise<void> {
    setLanguage(await loadLanguage(tag));
    remember(tag);
  }
}

export function useLanguage(): Choice {
  return known(useContext(Context));
}
