import { isAbsolute, resolve } from 'node:path';
import { CofreError } from '../../../errors.ts';
import type { ServerUrls } from '../../urls.ts';
import { exampleOf, TLS_MODES, type UrlStyle } from './url.ts';

/** What an engine says of its URLs beyond how they are written. */
export interface ServerUrlsInput {
  readonly style: UrlStyle;
  readonly words: readonly string[];
  /** Parameters that hold the path of a file of certificate authorities. */
  readonly caParameters: readonly string[];
  /** @throws {CofreError} `USAGE` */
  readonly databaseIn: (url: string) => string;
}

/** Stands for a secret while a URL is taken apart: a placeholder holds characters that end a part of it. */
const SECRET = '*';

export function serverUrls({ style, words, caParameters, databaseIn }: ServerUrlsInput): ServerUrls {
  const { schemes, port } = style;
  const caFile = new RegExp(`([?&](?:${caParameters.join('|')})=)([^&#]+)`);
  return {
    kind: 'server',
    schemes,
    words,
    port,
    example: exampleOf(style),
    tlsModes: TLS_MODES,
    nameIn: (url) => afterPassword(databaseIn(url)),
    atFolder: (url, folder) =>
      url.replace(caFile, (whole, name: string, value: string) => {
        const file = decode(value);
        return isAbsolute(file) ? whole : `${name}${encodeURIComponent(resolve(folder, file))}`;
      }),
    portIn: (url) => {
      const written = writtenPort(url);
      return written === undefined ? port : written === SECRET ? undefined : Number(written);
    },
    caFileIn: (url) => {
      const value = caFile.exec(url)?.[2];
      return value === undefined ? undefined : decode(value);
    },
  };
}

function writtenPort(url: string): string | undefined {
  const plain = url.replaceAll(/\$\{[^}]*\}/g, SECRET);
  const [, authority = ''] = /^[a-z]+:\/\/([^/?#]*)/i.exec(plain) ?? [];
  return /:(\d+|\*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1];
}

/** A name stands in keys and logs: no part of a password with a bare "/" may get into it. */
function afterPassword(path: string): string {
  return path.slice(path.lastIndexOf('@') + 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new CofreError('CONFIG_INVALID', 'The path in sslrootcert has a "%" without two hex digits.', {
      cause,
      hint: 'Write a percent sign as %25, or give sslrootcert as a field of its own.',
    });
  }
}
