import type { PlainFile } from '../engines/engine.ts';

/** What is packed. */
export type Content = PlainFile['content'];

/** Packs one piece after the other; to be closed. */
export interface Packer {
  /** To be called again only when it has resolved. Its result is the caller's own. */
  pack(bytes: Uint8Array): Promise<Uint8Array>;
  close(): void;
}
