import { readFileSync } from 'node:fs';

/** Anchors of a Markdown file's headings, as GitHub makes them. */
export function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#{1,6} +(.+)$/gm);
  return new Set([...headings].map(([, text]) => anchorOf(text!)));
}

function anchorOf(heading: string): string {
  const words = heading.replaceAll(/[`*]|\[|\]\([^)]*\)/g, '').toLowerCase();
  return words.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

/** Targets of the links and pictures of a Markdown file that lead to other files or headings. */
export function linksOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((it) => !/^\w+:/.test(it));
}
