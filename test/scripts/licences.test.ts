import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { describeLicences, packageFolders } from '../../scripts/licences.ts';

const root = mkdtempSync(join(tmpdir(), 'pool-boy-licences-'));
afterAll(() => rmSync(root, { recursive: true }));

function install(folder: string, manifest: object, files: Readonly<Record<string, string>> = {}): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
}

describe('the packages of a bundle', () => {
  test('are found once each, scoped and nested ones too, without our own files', () => {
    const files = [
      'src/main.ts',
      'node_modules/got/dist/index.js',
      'node_modules/got/dist/other.js',
      'node_modules/@kwsites/file-exists/dist/index.js',
      'node_modules/got/node_modules/lowercase-keys/index.js',
    ];
    expect(packageFolders(files)).toEqual([
      'node_modules/@kwsites/file-exists',
      'node_modules/got',
      'node_modules/got/node_modules/lowercase-keys',
    ]);
  });
});

describe('the list of licences', () => {
  test('has name, version, licence and every text of a package', () => {
    install(
      'node_modules/one',
      { name: 'one', version: '1.2.3', license: 'MIT' },
      { LICENSE: 'You may.\n', 'NOTICE.txt': 'By us.\n', 'index.js': 'code' },
    );
    expect(describeLicences(['node_modules/one'], root)).toContain(
      'one 1.2.3 (MIT)\n===============\n\nYou may.\n\nBy us.\n',
    );
  });

  test('reads the old way to name a licence, and says when there is no text', () => {
    install('node_modules/old', { name: 'old', version: '0.1.0', licenses: [{ type: 'BSD' }] });
    expect(describeLicences(['node_modules/old'], root)).toContain(
      'old 0.1.0 (BSD)\n===============\n\nThe package has no text of it.\n',
    );
  });

  test('refuses a package without a licence', () => {
    install('node_modules/none', { name: 'none', version: '1.0.0' });
    expect(() => describeLicences(['node_modules/none'], root)).toThrow(
      'node_modules/none names no licence.',
    );
  });
});
