/** The HTML report as people use it, in a browser from a file. Skipped (and counted) where there is no Chromium. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../src/model/event-id.ts';
import { reporter } from '../../../src/report/formats/html.ts';
import type { ScanReport } from '../../../src/report/reporter.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeAlert, makeEvent, makeMatch, makeRule, makeSummary, reportOf } from '../sample-report.ts';
import { browserPath, startBrowser } from './browser.ts';
import { binding, caseReport, child, hostile, PAYLOAD, started } from './case-report.ts';

const folder = temporaryFolder();
let browser: Browser;

async function write(name: string, report: ScanReport): Promise<string> {
  await reporter.prepare?.({ lookback: true });
  const path = join(folder, name);
  writeFileSync(path, [...reporter.render(report, { width: 80, colour: false })].join(''));
  return `file://${path}`;
}

/** What the page asked for, what its policy refused, what went wrong. */
interface Watched {
  readonly page: Page;
  readonly requests: string[];
  troubles(): Promise<string[]>;
}

async function opened(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(10_000);
  const requests: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => errors.push(message.text()));
  page.on('dialog', (dialog) => errors.push(`dialog ${dialog.message()}`));
  await page.addInitScript(`
    window.refused = [];
    addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective + ' ' + event.blockedURI));
  `);
  await page.goto(url);
  return {
    page,
    requests,
    troubles: async () => [
      ...errors,
      ...((await page.evaluate('[...window.refused, ...(window.hacked ? ["hacked"] : [])]')) as string[]),
    ],
  };
}

/** `page.url()` hears of a change of the hash later. */
const address = async (page: Page): Promise<string> => String(await page.evaluate('location.href'));
const count = (page: Page): Promise<string | null> => page.textContent('#count');

describe.skipIf(browserPath === undefined)('the HTML report in a browser', () => {
  let url = '';
  beforeAll(async () => {
    browser = await startBrowser();
    url = await write('case.html', caseReport());
  });
  afterAll(() => browser?.close());

  it('asks for nothing, breaks no rule of its policy, and hostile text stays text', async () => {
    const { page, requests, troubles } = await opened(url);
    await page.waitForSelector('.row.event');
    for (const tab of await page.$$('.tab')) await tab.click();
    await page.click('.tab >> text=Events');
    await page.click(`[data-id="${eventIdOf(hostile)}"]`);
    for (const details of await page.$$('#detail summary')) await details.click();
    const detail = await page.textContent('#detail');
    expect(detail).toContain('<script>window.hacked=1</script>');
    expect(detail).toContain('⟨U+202E⟩gnp.exe');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the attack.
    expect(detail).toContain('␛[31m ${window.hacked=1}');
    expect(await page.$$('#app img, #app script')).toHaveLength(0);
    await page.fill('#search', hostile.Computer);
    expect(await count(page)).toContain('of 8 events');
    expect(await troubles()).toEqual([]);
    expect(requests).toEqual([url]);
  });

  it('searches words, without words, fields and phrases, and says how many are left', async () => {
    const { page, troubles } = await opened(url);
    const found = async (query: string): Promise<string | null> => {
      await page.fill('#search', query);
      await page.waitForTimeout(50);
      return count(page);
    };
    expect(await count(page)).toBe('8 of 8 events');
    expect(await found('WHOAMI')).toBe('1 of 8 events');
    expect(await found('-whoami')).toBe('7 of 8 events');
    expect(await found('TargetUserName:eve')).toBe('3 of 8 events');
    expect(await found('rule:"process of a consumer" -whoami')).toBe('1 of 8 events');
    expect(await found('level:critical user:system')).toBe('2 of 8 events');
    expect(await found('there is no such text')).toBe('0 of 8 events');
    expect(await page.textContent('#events')).toContain('No event is left');
    expect(await troubles()).toEqual([]);
  });

  it('filters by level, host, user and tactic, keeps it in the address, and who gets the address sees the same', async () => {
    const { page } = await opened(url);
    await page.selectOption('#by-host', 'DC01.corp.example');
    expect(await count(page)).toBe('3 of 8 events');
    const sent = await address(page);
    expect(sent).toContain('host=DC01.corp.example');
    const other = await opened(sent);
    await other.page.waitForSelector('.row.event');
    expect(await count(other.page)).toBe('3 of 8 events');
    await page.click('text=clear filters');
    await page.click('.pill.critical');
    expect(await count(page)).toBe('2 of 8 events');
    await page.click('text=clear filters');
    await page.selectOption('#by-user', 'SYSTEM');
    expect(await count(page)).toBe('2 of 8 events');
    await page.click('text=clear filters');
    await page.selectOption('#by-tactic', 'lateral-movement');
    expect(await count(page)).toBe('3 of 8 events');
  });

  it('zooms to the time that is dragged over, and back', async () => {
    const { page } = await opened(url);
    const box = (await (await page.waitForSelector('.timeline svg')).boundingBox())!;
    const dots = await page.$$eval('.timeline .dot', (all) =>
      all.map((dot) => Number(dot.getAttribute('cx'))).sort((a, b) => a - b),
    );
    expect(dots.length).toBeGreaterThan(2);
    await page.mouse.move(box.x + dots[0]! - 3, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + dots[0]! + 30, box.y + 12);
    await page.mouse.up();
    expect(await address(page)).toMatch(/from=\d+&to=\d+/);
    const left = Number.parseInt((await count(page)) ?? '', 10);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(8);
    await page.click('.timeline >> text=all times');
    expect(await count(page)).toBe('8 of 8 events');
  });

  it('opens an event whole: its rules, look-back and every field; keys go on to the next', async () => {
    const { page } = await opened(url);
    await page.click(`[data-id="${eventIdOf(binding)}"]`);
    const detail = await page.textContent('#detail');
    for (const text of [
      'Consumer Registered',
      'rules/wmi/consumer.yml',
      'WMI name "Updater"',
      '7 events in the 9m before; 1 related',
      ...Object.keys(binding.data),
    ])
      expect(detail).toContain(text);
    expect(await page.textContent('#detail mark')).toBe('CommandLineEventConsumer');
    expect(await address(page)).toContain(`event=${eventIdOf(binding)}`);
    await page.keyboard.press('j');
    expect(await address(page)).toContain(`event=${eventIdOf(started)}`);
    await page.keyboard.press('s');
    expect(await address(page)).toContain(`stars=${eventIdOf(started)}`);
    await page.keyboard.press('Escape');
    expect(await page.$('#detail')).toBeNull();
    await page.keyboard.press('x');
    expect(await page.inputValue('#search')).toBe('-rule:"Process of a Consumer"');
    expect(await count(page)).toBe('6 of 8 events');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
  });

  it('draws the process tree of an event, and goes from one process to another', async () => {
    const { page } = await opened(url);
    await page.click(`[data-id="${eventIdOf(child)}"]`);
    const lines = await page.$$eval('#process-tree li', (all) => all.map((line) => line.textContent));
    expect(lines[0]).toContain('WmiPrvSE.exe');
    expect(lines[1]).toContain('powershell.exe -enc');
    expect(lines[2]).toContain('whoami /all');
    expect(await page.textContent('#process-tree .current')).toContain('whoami');
    await page.click('#process-tree li:nth-child(2) button');
    expect(await address(page)).toContain(`event=${eventIdOf(started)}`);
  });

  it('draws a WMI subscription: filter, binding, consumer with its payload decoded, process', async () => {
    const { page } = await opened(`${url}#tab=wmi`);
    const steps = await page.$$eval('.chain .step', (all) => all.map((step) => step.textContent));
    expect(steps).toHaveLength(4);
    expect(steps[0]).toContain('UpdaterSELECT * FROM __InstanceModificationEvent WITHIN 60');
    expect(steps[1]).toContain('ties the filter to the consumer');
    expect(steps[2]).toContain('UpdaterRun');
    expect(steps[2]).toContain(PAYLOAD);
    expect(steps[3]).toContain('powershell.exe -enc');
    await page.click('.step.process button');
    expect(await page.textContent('#detail')).toContain('Process of a Consumer');
  });

  it('counts rules, hosts by tactic, techniques and logons', async () => {
    const { page } = await opened(`${url}#tab=attack`);
    expect(await page.$$eval('.matrix .tactic', (all) => all.map((each) => each.textContent))).toEqual([
      'execution 2',
      'persistence 2',
      'lateral-movement 3',
    ]);
    await page.click('text=T1021');
    expect(await count(page)).toBe('3 of 8 events');
    await page.goto(`${url}#tab=logons`);
    await page.reload();
    expect(await page.$$eval('.panel tbody tr', (all) => all.map((row) => row.textContent))).toEqual([
      '10.0.0.5DC01.corp.examplenetwork (3)30eve',
    ]);
    await page.goto(`${url}#tab=rules`);
    await page.reload();
    expect(await page.$$('.panel tbody tr')).toHaveLength(4);
  });

  it('prints the account, the incidents and starred events whole, and nothing of the frame', async () => {
    const { page } = await opened(`${url}#stars=${eventIdOf(started)}`);
    await page.waitForSelector('.row.event');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const paper = await page.textContent('#print');
    for (const text of ['Starred events', 'ParentProcessGuid', 'whoami /all', '8 events of 8 events chosen'])
      expect(paper).toContain(text);
    expect(await page.isVisible('.page')).toBe(false);
    expect(await page.isVisible('#print')).toBe(true);
  });

  it('saves what is chosen as JSON Lines and CSV', async () => {
    const { page, troubles } = await opened(`${url}#related=no`);
    await page.waitForSelector('.row.event');
    const saved = async (button: string): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(`.tabs >> text="${button}"`)]);
      return readFileSync(await download.path(), 'utf8');
    };
    const lines = (await saved('JSON Lines')).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { id: string; data: unknown; rules: string[] });
    expect(events).toHaveLength(8);
    expect(events.find(({ id }) => id === eventIdOf(child))).toMatchObject({
      rules: ['Process of a Consumer'],
      data: child.data,
    });
    const rows = (await saved('CSV')).trimEnd().split('\n');
    expect(rows).toHaveLength(9);
    expect(rows.filter((row) => /^[=+@-]/.test(row) || row.includes('\u202e'))).toEqual([]);
    await page.selectOption('#by-host', 'DC01.corp.example');
    expect((await saved('CSV')).trimEnd().split('\n')).toHaveLength(4);
    expect(await troubles()).toEqual([]);
  });

  it('does not scroll sideways at 500 pixels, and breaks no word of a table into letters', async () => {
    const { page } = await opened(url, { viewport: { width: 500, height: 900 }, colorScheme: 'dark' });
    for (const tab of ['events', 'incidents', 'rules', 'hosts', 'attack', 'wmi', 'logons', 'account']) {
      await page.goto(`${url}#tab=${tab}&event=${eventIdOf(hostile)}`);
      await page.reload();
      await page.waitForSelector('#detail');
      expect([tab, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([tab, 500]);
    }
    await page.goto(`${url}#tab=rules`);
    await page.reload();
    await page.waitForSelector('.panel tbody tr');
    const widths = await page.$$eval('.panel td .link', (all) => all.map((link) => link.getBoundingClientRect().width));
    expect(Math.min(...widths)).toBeGreaterThan(100);
  });

  it('shows a list of all events where scripts are not allowed', async () => {
    const { page, requests } = await opened(url, { javaScriptEnabled: false });
    // biome-ignore lint/performance/useDomNodeTextContent: what is seen; the text of the script is content, too.
    const text = await page.innerText('body');
    for (const expected of ['whoami /all', 'Process of a Consumer', 'DC01.corp.example', '<script>window.hacked=1</script>'])
      expect(text).toContain(expected);
    expect(requests).toEqual([url]);
    await page.setViewportSize({ width: 500, height: 900 });
    const right = await page.$$eval('body *', (all) => Math.max(...all.map((each) => each.getBoundingClientRect().right)));
    expect(right).toBeLessThanOrEqual(500);
  });

  it('shows that list where the browser cannot inflate the data', async () => {
    const { page } = await opened(url);
    await page.addInitScript('delete globalThis.DecompressionStream');
    await page.reload();
    await page.waitForSelector('table.list');
    // biome-ignore lint/performance/useDomNodeTextContent: as above.
    expect(await page.innerText('body')).toContain('whoami /all');
    expect(await page.textContent('#app')).toContain('This browser cannot show the report as an application');
  });

  it('shows the times below the lanes however many hosts there are', async () => {
    const { page } = await opened(
      await write(
        'hosts.html',
        caseReport(40, (i) => `HOST-${i}`),
      ),
    );
    await page.waitForSelector('.row.event');
    const lanes = (await (await page.$('.lanes'))!.boundingBox())!;
    const axis = (await (await page.$('.axis'))!.boundingBox())!;
    expect(
      await page.evaluate("(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)(document.querySelector('.lanes'))"),
    ).toBe(true);
    expect(axis.y).toBeGreaterThanOrEqual(lanes.y + lanes.height - 1);
    expect(axis.y + axis.height).toBeLessThan(450);
  });

  it('says what was read and what to do where no rule matched, and names no filter', async () => {
    const report = reportOf({ rules: [], matches: () => [], correlations: [], alerts: [], summary: makeSummary() });
    const { page, troubles } = await opened(await write('nothing.html', report));
    await page.waitForSelector('.empty');
    const text = await page.textContent('.empty');
    expect(text).toMatch(/^No rule matched an event\.1 file .*13 records/);
    expect(text).toContain('Nothing matched.');
    expect(text).not.toContain('filters');
    await page.click('.empty button');
    expect(await page.textContent('.panel')).toContain('What was read');
    expect(await troubles()).toEqual([]);
  });

  it('keeps long names of hosts in their place', async () => {
    const event = makeEvent(1, 1, '10:00:00.0000000', { CommandLine: 'a' });
    const match = makeMatch(0, { ...event, Computer: 'W'.repeat(200) }, []);
    const report = reportOf({
      rules: [makeRule('Evil')],
      matches: () => [match],
      correlations: [],
      alerts: [makeAlert(match)],
      summary: makeSummary({ matches: 1, alerts: 1 }),
    });
    const { page } = await opened(await write('long-name.html', report), { viewport: { width: 500, height: 900 } });
    for (const [tab, part] of [
      ['Incidents', '.card'],
      ['Hosts, users', '.heat'],
    ]) {
      await page.click(`.tab:text-is("${tab}")`);
      const wide = await page.$eval(part!, (node) => [node.scrollWidth, node.clientWidth, node.getBoundingClientRect().right]);
      expect([tab, wide[0]! <= wide[1]! + 1, wide[2]! <= 500]).toEqual([tab, true, true]);
    }
  });

  it('keeps a long list short in the page, and finds in it', async () => {
    const { page } = await opened(await write('long.html', caseReport(1500)));
    await page.waitForSelector('.row.event');
    expect(await count(page)).toBe('1,508 of 1,508 events');
    expect(await page.evaluate("document.querySelectorAll('.row').length")).toBeLessThan(100);
    await page.fill('#search', 'user1499');
    await page.waitForSelector('text=user1499');
    expect(await count(page)).toBe('1 of 1,508 events');
    await page.fill('#search', '');
    await page.click('.row.event');
    for (let i = 0; i < 60; i++) await page.keyboard.press('j');
    await page.waitForSelector('.row.event.current');
    const shown = await page.isVisible('.row.event.current');
    expect(shown).toBe(true);
  });
});
