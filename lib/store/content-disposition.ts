/**
 * `Content-Disposition` that has a browser save the response as `fileName`: `filename` in plain ASCII for old clients,
 * and `filename*` in UTF-8, which goes before it (RFC 6266, 4.3; encoding of RFC 8187, 3.2).
 */
export function contentDisposition(fileName: string): string {
  const ascii = fileName.replaceAll(/[^\x20-\x7e]|["\\%;]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeExtended(fileName)}`;
}

/** `encodeURIComponent` leaves `'()*!` alone, of which RFC 8187 allows only `!`. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
