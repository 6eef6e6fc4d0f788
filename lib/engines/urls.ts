/**
 * What the URLs of an engine's databases say, as far as it can be told without connecting. Of a configuration's URL, parts
 * may still be placeholders for secrets.
 */
export type EngineUrls = FileUrls | ServerUrls;

interface AnyUrls {
  /** In lower case. */
  readonly schemes: readonly string[];
  /** One for messages, with every part that matters. */
  readonly example: string;
  /**
   * What the database is called, for names in keys and logs: no part of a password gets into it.
   * @throws {CofreError} `USAGE` for a URL that the engine cannot read
   */
  nameIn(url: string): string;
  /**
   * The URL, with relative paths in it counting from `folder`.
   * @throws {CofreError} `CONFIG_INVALID` for a path that cannot be read
   */
  atFolder(url: string, folder: string): string;
}

/** Of an engine whose databases are files of this machine; there is no server. */
export interface FileUrls extends AnyUrls {
  readonly kind: 'file';
  /** Of the file, as it is written: it may be relative. */
  pathIn(url: string): string;
}

/** Of an engine whose databases are on a server. */
export interface ServerUrls extends AnyUrls {
  readonly kind: 'server';
  /** What a configuration may call it in `engine`: schemes. */
  readonly words: readonly string[];
  /** Where a server listens whose URL names no port. */
  readonly port: number;
  /** What a configuration may say in `sslmode`. */
  readonly tlsModes: readonly string[];
  /** Where the server of this URL listens; `undefined` when that is a secret. */
  portIn(url: string): number | undefined;
  /** File of certificate authorities that the URL names, as it is written: it may be relative. */
  caFileIn(url: string): string | undefined;
}
