/** A host with several addresses fails with one error for each, and no message of its own. */
export function messageOf(error: Error): string {
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return errors.map(({ message }) => message.replace(/\.$/, '')).join('; ');
}
