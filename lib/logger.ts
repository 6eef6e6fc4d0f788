/** Structured log: one JSON object a line. Callers pass redacted values only. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

type Level = 'info' | 'warn' | 'error';

/** A logger that writes JSON lines (`time`, `level`, `message`, fields) through `write`. */
export function jsonLogger(write: (line: string) => void, now: () => Date = () => new Date()): Logger {
  const log =
    (level: Level) =>
    (message: string, fields: LogFields = {}) =>
      write(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields })}\n`);
  return { info: log('info'), warn: log('warn'), error: log('error') };
}

/** A logger that keeps nothing: for callers that show progress in their own way. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
