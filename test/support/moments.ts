const asked = process.env['COFRE_MOMENTS'];

/** At how many random moments something is killed or cut: `npm run test:long` has 25. */
export const MOMENTS = Number(asked ?? 3);

/** `few` in every run, which is some of each kind; `all` in `npm run test:long`. */
export function someOf(few: number, all: number): number {
  return asked === undefined ? few : all;
}
