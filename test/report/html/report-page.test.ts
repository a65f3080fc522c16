import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describeWith } from '../../external-program.ts';
import { type ReportBrowser, startBrowser } from './open-page.ts';
import { busyPage, calmPage, HOSTILE, hostilePage, hugePage } from './sample-pages.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const pages = { busy: busyPage(), hostile: hostilePage(), calm: calmPage() };
/** As busy, but quicker to look through. */
const trouble = busyPage(24);

describeWith('chromium', 'chromium', 'In a browser, the report', (chromium) => {
  let browser: ReportBrowser;
  beforeAll(async () => {
    browser = await startBrowser(chromium);
  });
  afterAll(() => browser.close());

  /** Opens a page, uses it, and sees to it that nothing happened that must not. */
  async function look(
    text: string,
    options: BrowserContextOptions,
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { page, incidents, close } = await browser.open(text, options);
    try {
      await use(page);
      expect(incidents).toEqual([]);
    } finally {
      await close();
    }
  }

  test('shows what needs a look first, then the pools by urgency', async () => {
    await look(pages.busy, {}, async (page) => {
      expect(await page.title()).toBe('2 stale, 1 undecided, 1 released · Pool Boy');
      expect(await page.locator('.attention li a').allTextContents()).toEqual([
        'vsphere/nested',
        'environments/env-011',
        'vsphere/bare-metal',
      ]);
      expect(await page.locator('.pool h2').allTextContents()).toEqual([
        'environments',
        'vsphere',
        'aws/small',
        'quiet/with-nothing-claimed',
        'empty-pool',
      ]);
      expect(await page.locator('.pool[open]').count()).toBe(3);
      expect(await texts(page, '#p2 .locks tbody tr:first-child > *')).toEqual([
        'nested',
        '3d 5h since 21 Nov 07:00',
        'main/bosh/nested-esxi #918',
        'stale build-ended',
        expect.stringContaining('failed 3 days ago (2026-11-21 07:41 UTC) and still holds the lock'),
      ]);
    });
  });

  test('shows who has a lock that was handed on, the hold of a person, and where a lock went', async () => {
    await look(pages.busy, {}, async (page) => {
      await openDetails(page);
      const row = page.locator('.locks tr', { hasText: 'small-3' });
      expect(await row.locator('td[data-label=Holder]').textContent()).toBe(
        'main/deploy/use #4, claimed by main/deploy/test #2',
      );
      expect(await row.locator('td[data-label=Verdict]').textContent()).toBe(
        'live build-running hold until 26 Nov 12:00',
      );
      expect(await row.locator('dd').nth(1).textContent()).toBe(
        'bbbbbbbbbb by Ann, until 26 Nov 12:00I look at the <b>environment</b>.',
      );
      expect(await page.locator('.released th[scope=row]').textContent()).toBe(
        'aws/small/small-1 to aws/cleaning',
      );
    });
  });

  test('leads to the builds, and nowhere else', async () => {
    await look(pages.busy, {}, async (page) => {
      const links = await page
        .locator('a[href^="http"]')
        .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.getAttribute('rel')]));
      expect(links).toContainEqual([
        'https://ci.example/teams/main/pipelines/bosh/jobs/nested-esxi/builds/918',
        'noreferrer noopener',
      ]);
      expect(links).toContainEqual(['https://ci.example/builds/4711', 'noreferrer noopener']);
      expect(links.filter(([, rel]) => rel !== 'noreferrer noopener')).toEqual([]);
    });
  });

  test('draws who held which lock when, and says the same in a table', async () => {
    await look(pages.busy, {}, async (page) => {
      const vsphere = page.locator('#p2 .timeline');
      expect(await vsphere.locator('figcaption').textContent()).toBe(
        'Last 7 days: held once, without a free lock 46\u00a0% of the time. 1 lock was not held.',
      );
      expect(await vsphere.locator('g.stale title').textContent()).toBe(
        'main/bosh/nested-esxi #918, from 21 Nov 07:00 still held (3d 5h), not released',
      );
      const bar = await vsphere.locator('g.stale rect').boundingBox();
      const row = await vsphere.locator('.row:not(.axis) > svg').boundingBox();
      expect(((bar?.width ?? 0) / (row?.width ?? 1)) * 7 * 24).toBeCloseTo(77, 0);
      await vsphere.locator('summary').click();
      expect(await texts(page, '#p2 .holds tbody tr > *')).toEqual([
        'nested',
        'main/bosh/nested-esxi #918',
        '21 Nov 07:00',
        'now',
        '3d 5h',
        'not released',
      ]);
      expect(await page.locator('#p1 .holds summary').textContent()).toMatch(
        /^Show the latest 50 of \d{4} holds as a table$/,
      );
    });
  });

  describe('can be filtered', () => {
    const shown = (page: Page) =>
      page.locator('[data-state]:visible').evaluateAll((all) => all.map((one) => one.id));

    test('by words, of which each must fit the lock or its pool', async () => {
      await look(pages.busy, {}, async (page) => {
        await page.keyboard.press('/');
        await page.keyboard.type('ANN vsphere');
        expect(await shown(page)).toEqual(['p2-2']);
        expect(await page.locator('#shown').textContent()).toBe('1 of 247 locks');
        expect(await page.locator('.pool:visible').count()).toBe(1);
        await page.keyboard.press('Escape');
        expect(await page.locator('#shown').textContent()).toBe('247 locks');
        expect(await page.locator('.pool:visible').count()).toBe(5);
      });
    });

    test('by state', async () => {
      await look(pages.busy, {}, async (page) => {
        for (const name of ['live', 'free', 'undecided']) await page.getByLabel(name).uncheck();
        expect(await shown(page)).toEqual(['p1-1', 'p2-1']);
        expect(await page.locator('.row:not(.axis):visible .name').allTextContents()).toEqual([
          'env-011',
          'nested',
        ]);
      });
    });

    test('so that it shows free locks of pools that are folded away', async () => {
      await look(pages.busy, {}, async (page) => {
        await page.locator('#words').fill('quiet');
        expect(await shown(page)).toEqual(['p4-1', 'p4-2']);
        await page.locator('#words').fill('');
        expect(await page.locator('#p4').getAttribute('open')).toBeNull();
      });
    });

    test('and says so when nothing fits', async () => {
      await look(pages.busy, {}, async (page) => {
        await page.locator('#words').fill('no such lock');
        expect(await page.locator('#shown').textContent()).toBe('0 of 247 locks: none matches');
      });
    });

    test('and a link to a lock that is filtered away brings it back', async () => {
      await look(pages.busy, {}, async (page) => {
        await page.locator('#words').fill('env-002');
        await page.getByRole('link', { name: 'vsphere/nested' }).click();
        await page.locator('#p2-1').waitFor({ state: 'visible' });
      });
    });
  });

  test('of 5,000 locks in 200 pools stays below 5 MB, and its filter answers at once', async () => {
    const text = hugePage();
    expect(text.length).toBeLessThan(5_000_000);
    expect(text).toContain('the evidence for the last locks and the pictures of the last pools are left out');
    await look(text, {}, async (page) => {
      expect(await page.locator('#shown').textContent()).toBe('5000 locks');
      const answers: { milliseconds: number; shown: string }[] = [];
      for (const words of ['env-07', 'region-3', 'pool-01 env-1', 'e', 'env-25', 'no such lock'])
        answers.push(await page.evaluate(`(${timeFilter})(${JSON.stringify(words)})`));
      expect(answers.map(({ shown }) => shown)).toEqual([
        '200 of 5000 locks',
        '625 of 5000 locks',
        '100 of 5000 locks',
        '5000 of 5000 locks',
        '200 of 5000 locks',
        '0 of 5000 locks: none matches',
      ]);
      // Other tests run at the same time: what the page takes is what it takes when it is let.
      expect(Math.min(...answers.map(({ milliseconds }) => milliseconds))).toBeLessThan(100);
      await page.getByRole('button', { name: 'Open all' }).waitFor();
      await page.evaluate("location.hash = '#p200-25'");
      await page.locator('#p200-25').waitFor({ state: 'visible' });
    });
  });

  test('works by keyboard alone', async () => {
    await look(pages.busy, {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the pools');
      await page.locator('#p4 > summary').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('#p4').getAttribute('open')).toBe('');
    });
  });

  test('is whole without a script', async () => {
    await look(pages.busy, { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('#filter').isVisible()).toBe(false);
      expect(await page.locator('.locks tbody tr:visible').count()).toBe(163);
      await page.locator('#p4 > summary').click();
      expect(await page.locator('#p4 .free li:visible').count()).toBe(2);
    });
  });

  test('lets an enemy only name things', async () => {
    await look(pages.hostile, {}, async (page) => {
      expect(await page.locator('script').count()).toBe(1);
      expect(
        await page.locator('img, iframe, object, embed, body svg[onload], [onerror], [onmouseover]').count(),
      ).toBe(0);
      const targets = await page
        .locator('a, link')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      expect(targets.filter((href) => !/^(#|data:image\/svg\+xml,)/.test(href))).toEqual([]);
      const [script, image] = HOSTILE;
      expect(await page.locator('.warnings li').nth(1).textContent()).toBe(image);
      expect(await page.locator('.pool h2').first().textContent()).toBe(script);
      const spoof = await page.locator('.warnings li').filter({ hasText: 'gnp.exe' }).textContent();
      expect(spoof).toBe('\uFFFDgnp.exe\uFFFD');
      await openDetails(page);
      expect(await page.locator('.evidence pre').first().textContent()).toBe(`${script} claiming: x`);
    });
  });

  test('would not let an enemy run or fetch anything even if the escaping failed', async () => {
    const reached: string[] = [];
    const server = createServer((request, response) => {
      reached.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const broken = pages.calm.replace(
      '<main>',
      `<main><script>document.title="owned"</script><img src="http://127.0.0.1:${address.port}/x"><b style="color:red">`,
    );
    const { page, incidents, close } = await browser.open(broken);
    try {
      expect(await page.title()).toBe('All well · Pool Boy');
      expect(incidents.filter((one) => /Content Security Policy/.test(one)).length).toBeGreaterThanOrEqual(3);
      expect(reached).toEqual([]);
    } finally {
      await close();
      server.close();
    }
  });

  describe.each(Object.entries(pages))('of a %s repository', (_, text) => {
    test('fits any screen', async () => {
      await look(text, {}, async (page) => {
        await openDetails(page);
        for (const width of [1280, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
      });
    });

    test.each([
      ['light', 1280],
      ['dark', 360],
    ] as const)('has no barrier that axe can find (%s, %d pixels)', async (colorScheme, width) => {
      await look(
        text === pages.busy ? trouble : text,
        { colorScheme, viewport: { width, height: 800 }, bypassCSP: true },
        async (page) => {
          await openDetails(page, 12);
          expect(await barriers(page)).toEqual([]);
        },
      );
    });
  });

  test('is looked at by an axe that does find barriers', async () => {
    const broken = pages.calm.replace('<main>', '<main><button></button>');
    await look(broken, { bypassCSP: true }, async (page) => {
      expect(await barriers(page)).toEqual([expect.stringContaining('button-name: <button></button>')]);
    });
  });
});

/** Types into the filter, in the page, until what it shows is laid out. */
const timeFilter = `(words) => {
  const box = document.querySelector('#words');
  const start = performance.now();
  box.value = words;
  box.dispatchEvent(new Event('input'));
  document.body.getBoundingClientRect();
  return { milliseconds: performance.now() - start, shown: document.querySelector('#shown').textContent };
}`;

/** What axe objects to: the rule, and the first element that breaks it. */
async function barriers(page: Page): Promise<unknown> {
  await page.addScriptTag({ path: axePath });
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes: [node] }) => id + ': ' + node.html + ' ' + node.failureSummary))",
  );
}

/** Opens everything that can be opened, or the first few. */
async function openDetails(page: Page, many = Number.MAX_SAFE_INTEGER): Promise<void> {
  await page.evaluate(
    `for (const one of [...document.querySelectorAll('details')].slice(0, ${many})) one.open = true`,
  );
}

async function texts(page: Page, selector: string): Promise<string[]> {
  // Only what is in sight is laid out.
  await page.locator(selector).first().scrollIntoViewIfNeeded();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const all = await page.locator(selector).allInnerTexts();
  return all.map((text) => text.replace(/\s+/g, ' ').trim());
}
