/** `value`, which is there by what the page itself does: an element of its own, what a provider around has given. */
export function known<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('missing');
  return value;
}
