/** A secret as it might stand in a text: as it is, and as encodings that texts go through would have it. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '');
  const inUrl = encodeURIComponent(secret);
  return [
    secret,
    inUrl,
    JSON.stringify(secret).slice(1, -1),
    base64.slice(0, -2),
    Buffer.from(secret).toString('hex'),
  ];
}

/** Names of the secrets that a text gives away. */
export function leaksIn(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}
