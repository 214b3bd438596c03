// Makes docs/images/review-browser.png and review-browser-dark.png: .ci/browser --screenshots

import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import UPNG from 'upng-js';
import { scannedPage } from './made.mjs';
import { folder, launch, remove, root, serve, sit } from './server.mjs';

const browser = await launch();
const cwd = await folder();
const images = path.join(root, 'docs/images');
await mkdir(images, { recursive: true });
await copyFile(path.join(root, 'samples/tianjin_daily.txt'), path.join(cwd, 'tianjin_daily.txt'));
await scannedPage(browser, cwd);

const server = await serve(cwd, '--port', '0', 'laojie.hocr', 'tianjin_daily.txt');
const size = { width: 1440, height: 900 };

/** Saves what is seen, in as many colours as a README needs. */
async function picture(page, name) {
  const seen = UPNG.decode(await page.screenshot());
  const png = Buffer.from(UPNG.encode(UPNG.toRGBA8(seen), seen.width, seen.height, 96));
  await writeFile(path.join(images, name), png);
  console.log(name, Math.round(png.length / 1024), 'KiB');
}

const settle = (page) => page.waitForTimeout(700);

const page = await sit(browser, server.url, '王编辑', { viewport: size, colorScheme: 'light', locale: 'zh-CN' });
await page.waitForSelector('.frame:not([hidden])');
for (const key of ['a', 'a', 'a', 'a', 'a', 'r']) {
  await page.keyboard.press(key);
  await settle(page);
}
// The doubled sign, with its place on the scan.
await page.click('#filter-button');
await page.selectOption('#filters [name=rule]', 'C103');
await settle(page);
await page.click('#filters button');
await page.click('#filter-button');
await page.click('.row.current');
await page.waitForTimeout(4000);
await picture(page, 'review-browser.png');

const dark = await sit(browser, server.url, 'Li', { viewport: size, colorScheme: 'dark', locale: 'en-US' });
await dark.keyboard.press('g');
await settle(dark);
for (const key of ['a', 'a', 'a']) {
  await dark.keyboard.press(key);
  await settle(dark);
}
for (let at = 0; at < 3; at += 1) await dark.keyboard.press('j');
await dark.waitForTimeout(4000);
await picture(dark, 'review-browser-dark.png');

await browser.close();
await server.stop();
await remove(cwd);
