/** Whether everybody can read the HTML report: contrast in light and dark, views without events, a narrow window. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reporter } from '../../../src/report/formats/html.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { browserPath, startBrowser } from './browser.ts';
import { caseReport } from './case-report.ts';

/** WCAG 2.2, 1.4.3 level AA, for text of a usual size. */
const LEAST_CONTRAST = 4.5;

/** Runs in the page: each kind of text with less contrast, as `button.pill.critical 3.45`. Relative luminance as WCAG defines it. */
const FAINT = `(() => {
  const channels = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith('color(') ? [...numbers.slice(0, 3).map((one) => one * 255), numbers[3] ?? 1] : [...numbers.slice(0, 3), numbers[3] ?? 1];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const faint = new Set();
  const texts = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.textContent.trim() === '' || element.getClientRects().length === 0 || element.tagName === 'OPTION') continue;
    seen++;
    const above = [];
    for (let one = element; one !== null; one = one.parentElement) above.unshift(channels(getComputedStyle(one).backgroundColor));
    const below = above.reduce((colour, one) => over(one, colour), [255, 255, 255]);
    const style = getComputedStyle(element);
    const ink = over(channels(element instanceof SVGElement ? style.fill : style.color), below);
    const [dark, light] = [luminance(ink), luminance(below)].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < ${LEAST_CONTRAST}) faint.add(element.tagName.toLowerCase() + '.' + (element.className.baseVal ?? element.className).replaceAll(' ', '.') + ' ' + contrast.toFixed(2));
  }
  return { seen, faint: [...faint] };
})()`;

describe.skipIf(browserPath === undefined)('the HTML report', () => {
  const folder = temporaryFolder();
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
    await reporter.prepare?.({ lookback: true });
    writeFileSync(join(folder, 'case.html'), [...reporter.render(caseReport(), { width: 80, colour: false })].join(''));
  });
  afterAll(() => browser?.close());
  const opened = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    await page.goto(`file://${join(folder, 'case.html')}`);
    return page;
  };
  const tabs = (page: Page): Promise<string[]> => page.locator('.tab').allTextContents();

  it.each(['light', 'dark'] as const)('has the contrast of WCAG AA in every view, %s', async (colorScheme) => {
    const page = await opened({ colorScheme });
    const check = async (view: string): Promise<void> => {
      const { seen, faint } = (await page.evaluate(FAINT)) as { seen: number; faint: string[] };
      expect(seen).toBeGreaterThan(10);
      expect([view, faint]).toEqual([view, []]);
    };
    for (const tab of await tabs(page)) {
      await page.click(`.tab:text-is("${tab}")`);
      await check(tab);
    }
    await page.click('.tab:text-is("Events")');
    for (const pill of await page.locator('.pill').all()) {
      await pill.click();
      await check(`${await pill.textContent()} pressed`);
      await pill.click();
    }
    await page.locator('.row.event').nth(1).click();
    await page.waitForSelector('#detail');
    await check('an event');
  });

  it('says so where the filters leave no event, in every view of events', async () => {
    const page = await opened({});
    await page.fill('#search', 'there is no such text');
    for (const tab of ['Events', 'Incidents', 'Rules', 'Hosts, users', 'ATT&CK']) {
      await page.click(`.tab:text-is("${tab}")`);
      expect([tab, await page.locator('main .empty').textContent()]).toEqual([tab, 'No event is left by these filters.']);
    }
  });

  it('has all of its buttons in sight at 500 pixels, and names of rules on a line of their own', async () => {
    const page = await opened({ viewport: { width: 500, height: 900 } });
    for (const button of await page.locator('header button, header select, nav button').all()) {
      const box = await button.boundingBox();
      expect(box!.x + box!.width).toBeLessThanOrEqual(500);
    }
    const row = page.locator('.row.event').first();
    const boxes = await Promise.all(['.time', '.rules', '.what'].map((part) => row.locator(part).boundingBox()));
    const tops = boxes.map((box) => box!.y);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(boxes[1]!.width).toBeGreaterThan(440);
    const bottom = await row.boundingBox();
    expect(boxes[2]!.y + boxes[2]!.height).toBeLessThanOrEqual(bottom!.y + bottom!.height);
  });
});
