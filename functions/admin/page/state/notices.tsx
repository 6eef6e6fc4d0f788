import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { Fault } from '../fault.ts';
import { known } from '../known.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** A failure stays until dismissed; good news only for a while, or until the next. */
  readonly fault: Fault | null;
}

interface Notices {
  readonly notices: readonly Notice[];
  tell(text: string): void;
  warn(text: string, fault: Fault): void;
  dismiss(id: number): void;
}

const MOST = 4;
const Context = createContext<Notices | null>(null);
let lastId = 0;

export function NoticesProvider({ children }: { children: ComponentChildren }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const actions = useMemo(() => {
    const add = (text: string, fault: Fault | null) => setNotices((all) => added(all, text, fault));
    return {
      tell: (text: string) => add(text, null),
      warn: add,
      dismiss: (id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)),
    };
  }, []);
  return <Context.Provider value={{ notices, ...actions }}>{children}</Context.Provider>;
}

export function useNotices(): Notices {
  return known(useContext(Context));
}

function added(all: readonly Notice[], text: string, fault: Fault | null): readonly Notice[] {
  const failures = all.filter((notice) => notice.fault !== null);
  return [...failures, { id: ++lastId, text, fault }].slice(-MOST);
}
