import PAGE_STYLE from '../../../assets/report.css' with { type: 'text' };
import PAGE_SCRIPT from '../../../assets/report.js' with { type: 'text' };
import { html, type Markup } from './markup.ts';

export interface Page {
  readonly title: string;
  /** What the icon of the tab shows. */
  readonly alarm: 'stale' | 'undecided' | 'none';
  readonly body: Markup;
  /** SHA-256 of a string, in base64. */
  readonly sha256: (text: string) => string;
}

const ALARM_COLOURS = { stale: 'c5221f', undecided: 'b26a00', none: '3d7ea6' } as const;

/**
 * A page that loads nothing and runs only its own style and script, which its policy names by their hashes: even markup
 * that got past the escaping could neither run nor send anything.
 */
export function pageText({ title, alarm, body, sha256 }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${sha256(PAGE_STYLE)}'`,
    `script-src 'sha256-${sha256(PAGE_SCRIPT)}'`,
    // The icon is part of the page; without one a browser would ask a server for it.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23${ALARM_COLOURS[alarm]}'/%3E%3C/svg%3E`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
${body}
<script>${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

/** Only for our own text, never for text from outside. */
function trusted(text: string): Markup {
  return { kind: 'markup', text };
}
