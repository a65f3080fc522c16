import { visibleText } from '../../core/text.ts';

/** Text that is HTML already. Only `html` makes it, so no outside text gets into a page unescaped. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}

export type Part = Markup | string | number | null | readonly Part[];

/** A template of HTML: every value is escaped, unless it is markup itself. Null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = strings.map((text, i) => (i === 0 ? text : partText(parts[i - 1] ?? null) + text));
  return { kind: 'markup', text: texts.join('') };
}

function partText(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map(partText).join('');
  return part.text;
}

function isList(part: Markup | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * For an element's text and for a quoted attribute. Characters that control a terminal or change the direction of what
 * follows become U+FFFD: a lock must not look like another one.
 */
export function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The URL, where a page may link to it; null for anything else (`javascript:`, a path). */
export function httpUrl(text: string | null): string | null {
  if (text === null || !/^https?:\/\/[^\s<>"'\\]+$/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? text : null;
}

/** A link that sends no referrer. */
export function link(url: string | null, text: Part): Markup {
  const address = httpUrl(url);
  return address === null
    ? html`<bdi>${text}</bdi>`
    : html`<a href="${address}" rel="noreferrer noopener" target="_blank"><bdi>${text}</bdi></a>`;
}
