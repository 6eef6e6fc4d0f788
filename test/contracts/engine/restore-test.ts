import { expect, test } from 'vitest';
import { compare } from '../../../lib/engines/content/compare.ts';
import type { Content } from '../../../lib/engines/content/content.ts';
import { contextOf, failureOf, inputOf, replay, type Taken, take } from './harness.ts';
import type { EngineLab, Given } from './lab.ts';

export function restoreTestTests(given: Given): void {
  const contentOf = ({ engine }: EngineLab, { frames, summary }: Taken): Promise<Content> =>
    engine.restoreTest.content({ frames: replay(frames), details: () => summary.details }, contextOf());

  test('what came back in a scratch database is equal, and nothing is left once it is dropped, twice', async () => {
    const lab = given();
    const { engine } = lab;
    const url = await lab.createSample();
    const [before, seen] = [await lab.fingerprint(url), await lab.traces(url)];
    const taken = await take(engine, url);
    const scratch = await engine.restoreTest.openScratch(url, inputOf(taken).expected!, contextOf());
    expect(scratch.name).toMatch(/^cofre_restore_test_[0-9a-z]+$/);
    await engine.load(scratch.url, inputOf(taken), contextOf(), { inert: true });
    const came = await take(engine, scratch.url);
    await scratch.drop();
    await scratch.drop();
    expect(compare(await contentOf(lab, taken), await contentOf(lab, came))).toEqual([]);
    expect([await lab.fingerprint(url), await lab.traces(url)]).toEqual([before, seen]);
    expect([await lab.leftovers(url), await lab.leftoversOfVerify()]).toEqual([[], []]);
  });

  test('a content does not depend on the order of the frames where a dump does not, and tells other data apart', async () => {
    const lab = given();
    const { engine } = lab;
    const [one, other] = [
      await take(engine, await lab.createSample()),
      await take(engine, await lab.createOther()),
    ];
    const content = await contentOf(lab, one);
    if (!engine.capabilities.orderedFrames) {
      const rows = one.frames.filter(({ section }) => section === 'data');
      const turned = { ...one, frames: turn(one.frames, rows.toReversed()) };
      expect(compare(content, await contentOf(lab, turned))).toEqual([]);
    }
    const names = compare(content, await contentOf(lab, other)).map(({ object }) => object);
    expect(names.join()).toMatch(/accounts/);
    expect(names.join()).toMatch(/transfers/);
  });

  test('one row less, or once more, is another content', async () => {
    const lab = given();
    const { engine } = lab;
    const url = await lab.createSample();
    const whole = await contentOf(lab, await take(engine, url));
    await lab.execute(url, ['DELETE FROM transfers', 'DELETE FROM notes WHERE id = 1']);
    const found = compare(whole, await contentOf(lab, await take(engine, url)));
    expect(
      found.filter(({ kind }) => kind === 'ROWS').map(({ object }) => object.replace(/^public\./, '')),
    ).toEqual(expect.arrayContaining(['notes']));
  });

  test('stops with the signal’s reason, and leaves nothing', async () => {
    const lab = given();
    const { engine } = lab;
    const url = await lab.createSample();
    const { expected } = inputOf(await take(engine, url));
    const seen = await lab.traces(url);
    const context = contextOf({ signal: AbortSignal.abort(new Error('enough')) });
    expect(await failureOf(engine.restoreTest.openScratch(url, expected!, context))).toMatchObject({
      message: 'enough',
    });
    expect(await lab.traces(url)).toEqual(seen);
    expect([await lab.leftovers(url), await lab.leftoversOfVerify()]).toEqual([[], []]);
  });
}

/** `frames` with those of `turned` in their places, in its order. */
function turn<T extends { readonly section: string }>(frames: readonly T[], turned: readonly T[]): T[] {
  const rest = [...turned];
  return frames.map((frame) => (frame.section === 'data' ? rest.shift()! : frame));
}
