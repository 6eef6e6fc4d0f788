import type { Language } from './texts/texts.ts';

/** A message before it has a form: rendered once as plain text and once as HTML, so that both say the same. */
export interface Content {
  readonly subject: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'facts'; readonly facts: ReadonlyArray<readonly [label: string, value: string]> }
  | { readonly type: 'lines'; readonly lines: readonly string[] }
  | { readonly type: 'link'; readonly label: string; readonly url: string };

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function render(content: Content, language: Language): Message {
  const { subject, title, blocks } = content;
  const text = `${[title, ...blocks.map(blockText)].join('\n\n')}\n`;
  return { subject, text, html: page(language, title, blocks.map(blockHtml).join('\n')) };
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'facts': {
      const width = Math.max(...block.facts.map(([label]) => label.length)) + 2;
      return block.facts.map(([label, value]) => `${`${label}:`.padEnd(width)}${value}`).join('\n');
    }
    case 'lines':
      return block.lines.map((line) => `    ${line}`).join('\n');
    case 'link':
      return block.url;
  }
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'facts':
      return `<table cellpadding="4">\n${block.facts.map(factHtml).join('\n')}\n</table>`;
    case 'lines':
      return `<pre>${block.lines.map(escapeHtml).join('\n')}</pre>`;
    case 'link':
      return `<p>${linkHtml(block.url, block.label)}</p>`;
  }
}

function factHtml([label, value]: readonly [string, string]): string {
  return `<tr><th align="left" valign="top">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`;
}

/** Only web addresses are links: `javascript:` and the like are shown as text. */
function linkHtml(url: string, label: string): string {
  if (!/^https?:\/\//i.test(url)) return escapeHtml(url);
  return `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
}

function page(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="font-family: sans-serif">
<h1 style="font-size: 1.3em">${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
