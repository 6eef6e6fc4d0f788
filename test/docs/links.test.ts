import { existsSync, globSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf } from './links.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILES = ['*.md', 'docs/**/*.md', 'lib/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

test.each(FILES)('links of %s lead somewhere', (name) => {
  const file = join(ROOT, name);
  for (const link of linksOf(file)) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : resolve(dirname(file), path);
    expect([link, existsSync(target)]).toEqual([link, true]);
    if (anchor !== undefined && target.endsWith('.md'))
      expect([link, anchorsOf(target).has(anchor)]).toEqual([link, true]);
  }
});
