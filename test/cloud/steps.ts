/** A log of what an end-to-end run did: each step with its seconds, printed when the run is over. */
export interface Steps {
  /** Runs a step; its name says what, and on which engine. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  print(): void;
}

export function stepLog(title: string): Steps {
  const lines: string[] = [];
  const began = performance.now();
  const seconds = (since: number) => ((performance.now() - since) / 1_000).toFixed(1).padStart(6);
  return {
    async step(name, work) {
      const start = performance.now();
      try {
        const result = await work();
        lines.push(`${seconds(start)} s  ${name}`);
        return result;
      } catch (error) {
        lines.push(`${seconds(start)} s  ${name}: FAILED`);
        throw error;
      }
    },
    print: () => console.log([`${title}:`, ...lines, `${seconds(began)} s  in all`].join('\n')),
  };
}
