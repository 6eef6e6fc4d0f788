import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, and begin first, so that none of them is left alone at the end of a run. */
const LONGEST = [
  'cloud/journey',
  'lib/store/s3-faults',
  'browser/looks',
  'cloud/access',
  'lib/store/s3-contract',
  'lib/engines/mysql/contract',
  'lib/engines/mysql/mariadb-contract',
  'lib/engines/postgres/contract',
  'lib/engines/sqlite/contract',
  'resilience/',
  'browser/journey',
  'lib/engines/mysql/',
  'browser/sign-in',
  'access/fuzz',
  'lib/engines/postgres/',
  'lib/engines/sqlite/',
  'cli/',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.findIndex((part) => moduleId.includes(`/test/${part}`));
  return rank < 0 ? LONGEST.length : rank;
};

/** The order of a fresh machine, which knows no durations yet; those of one kind keep vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
