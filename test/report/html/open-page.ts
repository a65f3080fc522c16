// Reports in a real browser, which notes everything that a report must not do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const VIEWPORT = { width: 1280, height: 900 };

export interface OpenPage {
  readonly page: Page;
  /** Console messages, errors, dialogs, and requests for anything but the file itself. */
  readonly incidents: readonly string[];
  close(): Promise<void>;
}

export interface ReportBrowser {
  /** A report in a document of its own. One at a time: those with the same options share a tab, which is slow to make. */
  open(text: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function startBrowser(executablePath: string): Promise<ReportBrowser> {
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  const tabs = new Map<string, Page>();
  const tabFor = async (options: BrowserContextOptions): Promise<Page> => {
    const key = JSON.stringify(options);
    const tab = tabs.get(key) ?? (await (await browser.newContext(options)).newPage());
    tabs.set(key, tab);
    return tab;
  };
  return {
    async open(text, more = {}) {
      const options = { viewport: VIEWPORT, ...more };
      const page = await tabFor(options);
      if (options.viewport !== null) await page.setViewportSize(options.viewport);
      return openPage(page, text);
    },
    close: () => browser.close(),
  };
}

async function openPage(page: Page, text: string): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), 'pool-boy-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const incidents: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => incidents.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const address = request.url();
    if (address !== url && !address.startsWith(`${url}#`) && !address.startsWith('data:'))
      incidents.push(`request: ${address}`);
  });
  await page.goto(url);
  return {
    page,
    incidents,
    close: async () => {
      page.removeAllListeners();
      await page.goto('about:blank');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
