import type { EngineName } from '../../../lib/engines/engine.ts';

/** A live database that the deployed stack works on. A file for each kind beside this one. */
export interface Source extends AsyncDisposable {
  readonly engine: EngineName;
  /** What it is called in cofre.json. */
  readonly name: string;
  /** Its entry there. */
  readonly entry: object;
  /** What it needs in Secrets Manager. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Tells apart any two states of its data. */
  fingerprint(): Promise<string>;
  /** Changes and removes rows. */
  damage(): Promise<void>;
}
