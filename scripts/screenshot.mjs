// `node scripts/screenshot.mjs`, after a build: the README's picture of the HTML report, from the logs and rules of this repository.
// Needs a Chromium: Debian's, or the one that the environment's CHROMIUM names.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'winnow-screenshot-'));
const page = join(folder, 'report.html');
const { status, stderr } = spawnSync('node', ['dist/cli.js', 'scan', 'fixtures/wmi-subscription.xml', '-o', page]);
if (status !== 0) throw new Error(stderr.toString());
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
});
const tab = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
await tab.goto(`file://${page}`);
await tab.click('.row.event:has-text("Sysmon 21")');
await tab.waitForSelector('#detail .subscription');
mkdirSync('docs/images', { recursive: true });
await tab.screenshot({ path: 'docs/images/report.png' });
await browser.close();
rmSync(folder, { recursive: true });
