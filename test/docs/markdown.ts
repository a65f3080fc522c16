// Reads as much Markdown as the tests of the pages need.

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Counted from 1, for people who look for it. */
  readonly line: number;
}

/** Fenced blocks, also those inside of lists. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indent = '', language = '', text = ''] = match;
    const line = markdown.slice(0, match.index).split('\n').length;
    return { language, line, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
  });
}

/** The part under one heading, with its smaller headings. */
export function sectionOf(markdown: string, heading: string): string {
  const [, hashes = '', rest = ''] =
    new RegExp(`^(#+) ${heading}\\n([\\s\\S]*)`, 'm').exec(withoutBlocks(markdown)) ?? [];
  const end = rest.search(new RegExp(`^#{1,${hashes.length}} `, 'm'));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The cells of a section's table, without its titles. */
export function rowsOf(section: string): string[][] {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

export function linksIn(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** The names by which one can link to a page's headings. */
export function anchorsOf(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\d\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
}
