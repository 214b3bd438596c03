// The program under test, and the browser that looks at it.

import { spawn, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const built = ['release', 'debug'].map((profile) => path.join(root, 'target', profile, 'kanwu'));
export const kanwu = process.env.KANWU ?? built.find(existsSync);

/** Chromium, as CI installs it. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A folder for one test. */
export const folder = () => mkdtemp(path.join(os.tmpdir(), 'kanwu-'));

/** Runs kanwu to its end. */
export const run = (cwd, ...args) => promisify(execFile)(kanwu, args, { cwd });

/** `kanwu review --web` in a folder, until it is stopped. */
export async function serve(cwd, ...args) {
  const child = spawn(kanwu, ['review', '--web', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      const line = /^http:\S+/m.exec(String(bytes));
      if (line) resolve(line[0]);
    });
    child.on('exit', (code) => reject(new Error(`kanwu ended with ${code}: ${said}`)));
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return {
    url,
    port: Number(new URL(url).port),
    said: () => said,
    stop: async (signal = 'SIGINT') => {
      child.kill(signal);
      return ended;
    },
    log: async () => {
      const lines = await readFile(path.join(cwd, '.kanwu/decisions.jsonl'), 'utf8');
      return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
  };
}

/** A page at which `reviewer` sits; what goes wrong in it is kept in `page.wrongs`. */
export async function sit(browser, url, reviewer, options = {}) {
  const { context: given, ...rest } = options;
  const context = given ?? (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...rest }));
  if (reviewer) {
    await context.addInitScript((name) => {
      if (!localStorage.getItem('kanwu.reviewer')) localStorage.setItem('kanwu.reviewer', name);
    }, reviewer);
  }
  const page = await context.newPage();
  page.wrongs = [];
  page.on('pageerror', (error) => page.wrongs.push(error.stack));
  page.on('console', (message) => message.type() === 'error' && page.wrongs.push(`${message.text()} ${message.location().url}`));
  await page.goto(url);
  await page.waitForSelector('body.ready');
  return page;
}

export const remove = (where) => rm(where, { recursive: true, force: true });
