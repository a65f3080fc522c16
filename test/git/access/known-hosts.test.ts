import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { knownHostsText } from '../../../src/git/access/ssh-config.ts';

interface Block {
  readonly name: string;
  /** SHA256, as the host publishes them. */
  readonly published: string[];
  /** Lines of known_hosts. */
  readonly lines: string[];
}

/** A host's block is a comment with its name, its source and its fingerprints, then its keys. */
function blocksOf(text: string): Block[] {
  return text
    .split(/\n{2,}/)
    .slice(1)
    .map((block) => ({
      name: /^# (.*?): https:/.exec(block)?.[1] ?? block.slice(0, 40),
      published: [...block.matchAll(/^# {3}SHA256:(\S{43})$/gm)].map(([, print = '']) => print),
      lines: block.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    }));
}

const TEXT = readFileSync('assets/known_hosts', 'utf8');

describe('the host keys that come with the program', () => {
  it('are those of the large hosts', () => {
    expect(blocksOf(TEXT).map(({ name, lines }) => `${name} ${lines.length}`)).toEqual([
      'GitHub 3',
      'GitLab.com 3',
      'Bitbucket Cloud 3',
      'Azure DevOps 2',
      'Codeberg 3',
      'SourceHut 2',
    ]);
  });

  it.each(blocksOf(TEXT))('are those of $name, by their published fingerprints', ({ lines, published }) => {
    const found = lines.map((line) => {
      const [, type, blob = ''] = line.split(' ');
      const bytes = Buffer.from(blob, 'base64');
      expect(bytes.toString('latin1', 4, 4 + bytes.readUInt32BE())).toBe(type);
      return createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
    });
    expect([...new Set(found)].sort()).toEqual([...published].sort());
  });

  it('are what ssh gets, with the keys of source behind them', () => {
    expect(knownHostsText(['git.example.com ssh-ed25519 AAAA'])).toBe(
      `${TEXT.trimEnd()}\ngit.example.com ssh-ed25519 AAAA\n`,
    );
  });
});
