import { test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { escapeHtml, html, httpUrl, link } from '../../../src/report/html/markup.ts';
import { anyText } from '../../any-text.ts';

test('A template escapes every value that is not markup', () => {
  const list = ['<a>', html`<b>${'&'}</b>`, null, 3];
  expect(html`<p title="${'"\''}">${list}</p>`.text).toBe(
    '<p title="&quot;&#39;">&lt;a&gt;<b>&amp;</b>3</p>',
  );
});

property.prop([anyText()])('Whatever the text, it can neither end an attribute nor begin a tag', (text) => {
  expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
  expect(escapeHtml(text).isWellFormed()).toBe(true);
});

describe('A link leads to', () => {
  test.each([
    ['https://ci.example/teams/main/pipelines/a b', null],
    ['https://ci.example/builds/7', 'https://ci.example/builds/7'],
    [
      'http://ci.example:8080/builds/7?vars.branch=%22x%22',
      'http://ci.example:8080/builds/7?vars.branch=%22x%22',
    ],
    ['HTTPS://ci.example', 'HTTPS://ci.example'],
    ['javascript:alert(1)', null],
    [' javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['//ci.example', null],
    ['/builds/7', null],
    ['https://ann:secret@ci.example/', null],
    ['https://ci.example/"onclick="x', null],
    ['https://', null],
    [null, null],
  ])('%j: %j', (url, want) => {
    expect(httpUrl(url)).toBe(want);
    expect(link(url, 'x').text.startsWith('<a ')).toBe(want !== null);
  });
});
