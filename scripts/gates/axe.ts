import { existsSync } from 'node:fs';
import process from 'node:process';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

/** One accessibility rule a page breaks, and where. */
export interface Violation {
  rule: string;
  impact: string;
  help: string;
  /** CSS selectors of the elements concerned. */
  elements: string[];
}

/** Debian's Chromium, or the one CHROMIUM names; undefined: none, and the test that needs it is not run, with this reason. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** Chromium as the tests need it: it runs as root and in containers, asks no network service, and paints the same each time. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined)
    throw new Error('chromium is not installed: apt-get install chromium, or name one in CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--font-render-hinting=none',
    ],
  });
}

/** The accessibility gate: the rules of WCAG 2.2 A and AA and axe's best practices that the page as it stands breaks. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  // Our pages hold no frame of another origin: all is examined in the page itself, without a second page to gather frames' answers.
  const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  if (passes.length === 0 && violations.length === 0) throw new Error(`axe examined nothing on ${page.url()}`);
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? 'unknown',
    help,
    elements: nodes.map(({ target }) => target.join(' ')),
  }));
}
