/** What a load has to remember, or to tell, of the statements that it ran. */
export interface Notes {
  /** An event was made, disabled, that has this status in the dump. */
  event(name: string, status: string): void;
  /** Something that belongs to `name` in the dump was left to the user that restores. */
  definer(name: string): void;
  /** A setting of the dump was changed for the server. */
  setting(warning: string): void;
  /** The server changed or doubted values. */
  warning(table: string, message: string): void;
  /** By name. */
  readonly events: ReadonlyMap<string, string>;
  /** In full sentences. */
  readonly warnings: readonly string[];
}

/** Warnings of the server that are told in full. */
const SHOWN = 5;

export function notes(): Notes {
  const events = new Map<string, string>();
  const definers = new Map<string, number>();
  const settings = new Set<string>();
  const told = new Set<string>();
  return {
    events,
    event: (name, status) => void events.set(name, status),
    definer: (name) => void definers.set(name, (definers.get(name) ?? 0) + 1),
    setting: (warning) => void settings.add(warning),
    warning: (table, message) => void told.add(`Table ${table}: ${message}`),
    get warnings() {
      return [...replaced(definers), ...settings, ...shortened([...told])];
    },
  };
}

const LEFT_TO_USER =
  'The server lets this user make nothing for others: views and programs of these definers are its own now: ';

/** Whether a warning says that something of `definer` was left to the user that restores. */
export function isLeftToUser(warning: string, definer: string): boolean {
  return warning.startsWith(LEFT_TO_USER) && warning.includes(` ${definer} (`);
}

function replaced(definers: ReadonlyMap<string, number>): string[] {
  if (definers.size === 0) return [];
  const names = [...definers].map(([name, times]) => `${name} (${times})`).join(', ');
  return [`${LEFT_TO_USER}${names}.`];
}

function shortened(told: readonly string[]): string[] {
  const more = told.length - SHOWN;
  return more > 0 ? [...told.slice(0, SHOWN), `${more} more warnings of the server like these.`] : [...told];
}
