import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { known } from '../known.ts';
import type { Job } from '../types.ts';
import { Poller } from './poll.ts';
import { type Model, Session } from './session.ts';

interface Cofre {
  readonly model: Model;
  readonly session: Session;
  /** Whether the reader may act; else they only look. */
  readonly isAdmin: boolean;
  /** Shows a job that was started just now, and watches it closely. */
  follow(job: Job): void;
  /** Asks the server again now. */
  refresh(): void;
}

const Context = createContext<Cofre | null>(null);

/** Holds what the page knows of the server, and keeps it up to date while the page is shown. */
export function CofreProvider({ children }: { children: ComponentChildren }) {
  const { session, poller } = useMemo(() => {
    const session = new Session();
    return { session, poller: new Poller(session) };
  }, []);
  const [model, setModel] = useState(session.model);
  useEffect(() => session.onChange(() => setModel(session.model)), [session]);
  useEffect(() => poller.start(), [poller]);
  const isAdmin = model.me?.role === 'admin';
  const value = { model, session, isAdmin, follow, refresh: poller.now };
  return <Context.Provider value={value}>{children}</Context.Provider>;

  function follow(job: Job): void {
    session.track(job);
    poller.now();
  }
}

export function useCofre(): Cofre {
  return known(useContext(Context));
}
