import { access } from './behaviours/access.ts';
import type { Behaviour } from './behaviours/behaviour.ts';
import { conditional } from './behaviours/conditional.ts';
import { multipart } from './behaviours/multipart.ts';
import { objects } from './behaviours/objects.ts';

/** What Cofre and its tests expect of S3, by name. The emulators' lists of deviations refer to these names. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  ...objects,
  ...conditional,
  ...multipart,
  ...access,
};
