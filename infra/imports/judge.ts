import type { Import } from './read.ts';
import { BANS, HOUSES, type House, IMPORTS_BY_NAME } from './rules.ts';

/** What is wrong in a file that imports `imports`, a sentence each: of where it lies, and of what it imports. */
export function judge(file: string, imports: readonly Import[]): string[] {
  const homeless = unplaced(file);
  if (homeless) return [`${file}: ${homeless}`];
  return imports.flatMap((it) => {
    const wrong = wrongWith(file, it);
    return wrong ? [`${file}:${it.line} imports ${it.target}: ${wrong}`] : [];
  });
}

function wrongWith(file: string, { kind, target }: Import): string | undefined {
  if (kind === 'unknown')
    return IMPORTS_BY_NAME.includes(file) ? undefined : 'What it is, is not known before it runs.';
  return banned(file, target) ?? (kind === 'file' ? outOfBounds(file, target) : undefined);
}

function banned(file: string, target: string): string | undefined {
  return BANS.find(
    ({ from, except = [], never }) => begins(file, from) && !begins(file, except) && begins(target, never),
  )?.because;
}

/** The first house, from the outermost in, that both live in and where the one must not see the other. */
function outOfBounds(file: string, target: string): string | undefined {
  const homeless = unplaced(target);
  if (homeless) return homeless;
  for (const house of HOUSES) {
    const from = roomOf(file, house);
    const to = roomOf(target, house);
    if (from && to && from.room !== to.room && to.level >= from.level) return from.because;
  }
  return undefined;
}

function unplaced(file: string): string | undefined {
  const house = HOUSES.find((it) => file.startsWith(it.folder) && !roomOf(file, it));
  return house && `${house.folder || 'the project'} has no such room in infra/imports/rules.ts.`;
}

function roomOf(file: string, { folder, levels }: House) {
  if (!file.startsWith(folder)) return undefined;
  const name = file.slice(folder.length);
  const rooms = levels.flatMap((rooms, level) =>
    Object.entries(rooms).map(([room, because]) => ({ room, because, level })),
  );
  return (
    rooms.find(({ room }) => room.split(' ').some((part) => part === name || isWithin(name, part))) ??
    rooms.find(({ room }) => room === '*.ts' && !name.includes('/'))
  );
}

const isWithin = (name: string, part: string) => part.endsWith('/') && name.startsWith(part);
const begins = (path: string, beginnings: readonly string[]) => beginnings.some((it) => path.startsWith(it));
