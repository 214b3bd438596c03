// The review page of `kanwu check --format html`, opened from the disk in Chromium and worked with
// the keyboard as an editor works.
//
// Usage: node report.mjs [FOLDER FOR SCREENSHOTS]
// KANWU is the program (target/debug/kanwu), CHROMIUM the browser (/usr/bin/chromium).

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const kanwu = resolve(root, process.env.KANWU ?? "target/debug/kanwu");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const shots = process.argv[2] && resolve(process.argv[2]);
const desk = mkdtempSync(join(tmpdir(), "kanwu-report-"));
if (shots) mkdirSync(shots, { recursive: true });

const HOSTILE = [
  "<img src=x onerror=window.hacked=1>这种做法难以以为继。</script><script>window.hacked=1</script>",
  "<!-- 传统发展难以以为继 --> &lt;b&gt; {{data}} ${window.hacked=1} \u2028 𠀀难以以为继。",
].join("\n");

let passed = 0;
function ok(name) {
  passed += 1;
  console.log(`ok ${name}`);
}

function run(...args) {
  const { status, stdout, stderr } = spawnSync(kanwu, args, { cwd: desk, encoding: "utf8" });
  assert.ok(status === 0 || status === 1, `kanwu ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const withoutSpace = (text) => text.replace(/\s/g, "");

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// A page that complains about anything that should not be in it.
async function open(file, options = {}) {
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || trouble.push(request.url()));
  await page.goto(pathToFileURL(join(desk, file)).href);
  return { context, page, trouble };
}

async function exported(page) {
  const waiting = page.waitForEvent("download");
  await page.click("#export");
  return readFileSync(await (await waiting).path(), "utf8");
}

const progress = (page) => page.inputValue("#progress-text").catch(() => page.textContent("#progress-text"));

async function corrected(page) {
  if ((await page.getAttribute("#view-side", "aria-pressed")) !== "true") await page.keyboard.press("v");
  const text = await page.$$eval(".chunk p:last-child", (all) => all.map((p) => p.textContent).join(""));
  return withoutSpace(text);
}

try {
  writeFileSync(join(desk, "page.txt"), readFileSync(join(root, "samples/tianjin_daily.txt")));
  writeFileSync(join(desk, "hostile <b>.txt"), HOSTILE);
  run("check", "--lang", "zh", "--save", "--format", "html", "-o", "page.html", "page.txt");

  {
    const { context, page, trouble } = await open("page.html");
    const total = JSON.parse(await page.textContent("#data")).suggestions.length;
    assert.ok(total > 5);
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    if (shots) await page.screenshot({ path: join(shots, "light.png") });

    await page.keyboard.press("v");
    if (shots) await page.screenshot({ path: join(shots, "side.png") });
    const originals = await page.$$eval(".chunk p:nth-of-type(1)", (all) => all.map((p) => p.textContent).join(""));
    assert.equal(withoutSpace(originals).replaceAll("↵", ""), withoutSpace(readFileSync(join(desk, "page.txt"), "utf8")));
    ok("the left side is the text as it is");

    // Everything accepted, one by one with the keyboard.
    for (let number = 0; number < total; number += 1) await page.keyboard.press("a");
    assert.equal(await progress(page), `${total} / ${total}`);
    const right = await corrected(page);
    const decisions = await exported(page);
    writeFileSync(join(desk, "decisions.jsonl"), decisions);
    assert.equal(decisions.trim().split("\n").length, total);
    const applied = run("apply", "--decisions", "decisions.jsonl", "--stdout");
    assert.equal(right, withoutSpace(applied));
    ok("what the page shows as corrected is what kanwu apply makes of its decisions");
    assert.deepEqual(trouble, []);

    await page.reload();
    assert.equal(await progress(page), `${total} / ${total}`);
    ok("a page that is opened again still knows the decisions");
    assert.deepEqual(trouble, []);
    await context.close();
  }

  {
    const { context, page, trouble } = await open("page.html", { colorScheme: "dark" });
    if (shots) await page.screenshot({ path: join(shots, "dark.png") });
    await page.keyboard.press("r");
    await page.keyboard.press("q");
    await page.keyboard.press("e");
    await page.fill(".own input", "自拟<b>文字</b>");
    await page.keyboard.press("Enter");
    await page.keyboard.press("a");
    await page.keyboard.press("r");
    await page.keyboard.press("u");
    let lines = (await exported(page)).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.map((line) => line.verdict), ["reject", "query", "replace", "accept"]);
    assert.equal(lines[2].text, "自拟<b>文字</b>");
    assert.equal(lines[3].choice, 1);
    assert.ok(lines.every((line) => line.id && line.rule && line.file === "page.txt" && !Number.isNaN(Date.parse(line.at))));
    ok("reject, query, own text, accept and undo by the keyboard");

    for (let number = 0; number < 4; number += 1) await page.keyboard.press("u");
    await page.click("#export");
    assert.match(await page.textContent("#toast"), /没有/);
    ok("undo goes back to the start");

    const several = JSON.parse(await page.textContent("#data")).suggestions.findIndex((s) => s.choices.length > 1);
    if (several >= 0) {
      for (let number = 0; number < several; number += 1) await page.keyboard.press("j");
      await page.keyboard.press("2");
      lines = (await exported(page)).trim().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual([lines.length, lines[0].choice], [1, 2]);
      await page.keyboard.press("u");
      ok("another choice by its number");
    }

    await page.selectOption("#filter-rule", { index: 1 });
    const shown = await page.$$eval(".run:not(.outside)", (all) => new Set(all.map((run) => run.dataset.suggestion)).size);
    assert.ok(shown > 0);
    const rule = await page.inputValue("#filter-rule");
    assert.ok((await page.textContent(".detail h2")).startsWith(rule));
    await page.selectOption("#filter-rule", "");
    ok("a filter by rule");

    await page.click("#language");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.match(await page.textContent("#export"), /Export/);
    assert.match(await page.textContent(".detail .place"), /line/);
    await page.keyboard.press("?");
    assert.ok(await page.isVisible("#help"));
    if (shots) await page.screenshot({ path: join(shots, "help.png") });
    await page.keyboard.press("Escape");
    ok("in English, with its keys");
    const unnamed = await page.$$eval("button, select, input", (all) => all.filter((element) => {
      const label = element.getAttribute("aria-label") ?? element.closest("label")?.textContent ?? "";
      return !(label.trim() || element.textContent.trim());
    }).length);
    assert.equal(unnamed, 0);
    ok("everything that can be pressed has a name");
    assert.deepEqual(trouble, []);
    await context.close();
  }

  {
    const { context, page, trouble } = await open("page.html", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${width} pixels wide`);
    if (shots) await page.screenshot({ path: join(shots, "phone.png") });
    await page.tap(".verdicts .accept");
    assert.match(await progress(page), /^1 /);
    ok("on a phone nothing is wider than the screen");
    await page.emulateMedia({ media: "print" });
    if (shots) await page.screenshot({ path: join(shots, "print.png") });
    assert.deepEqual(trouble, []);
    await context.close();
  }

  {
    run("check", "--lang", "en", "--level", "hint", "--save=hostile.jsonl", "--format", "html", "-o", "hostile.html", "hostile <b>.txt");
    const { context, page, trouble } = await open("hostile.html");
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.$("img"), null);
    assert.equal((await page.$$("script")).length, 2);
    const total = JSON.parse(await page.textContent("#data")).suggestions.length;
    for (let number = 0; number < total; number += 1) await page.keyboard.press("a");
    const right = await corrected(page);
    writeFileSync(join(desk, "hostile-decisions.jsonl"), await exported(page));
    const applied = run("apply", "hostile.jsonl", "--decisions", "hostile-decisions.jsonl", "--stdout");
    assert.equal(right.replaceAll("<U+2028>", ""), withoutSpace(applied).replaceAll("\u2028", ""));
    assert.deepEqual(trouble, []);
    ok("text that looks like HTML stays text");
    await context.close();
  }

  {
    // Pages of an OCR program, with joins, moves and clashing choices: both must make the same text.
    const pages = execFileSync("ls", [join(root, "samples/pages")], { encoding: "utf8" }).split("\n").filter((name) => name.endsWith(".txt"));
    for (const name of pages) {
      const text = join(root, "samples/pages", name);
      writeFileSync(join(desk, name), readFileSync(text));
      run("check", "-q", "--save=s.jsonl", "--format", "html", "-o", "ocr.html", name);
      const { context, page, trouble } = await open("ocr.html");
      const total = JSON.parse(await page.textContent("#data")).suggestions.length;
      const acceptable = await page.evaluate(() => suggestions.filter((s) => s.choices[0]?.edits.length > 0).length);
      for (let number = 0; number < total; number += 1) {
        const before = await progress(page);
        await page.keyboard.press("a");
        if ((await progress(page)) === before) await page.keyboard.press("r");
      }
      const right = await corrected(page);
      writeFileSync(join(desk, "d.jsonl"), await exported(page));
      const applied = run("apply", "s.jsonl", "--decisions", "d.jsonl", "--stdout");
      assert.equal(right, withoutSpace(applied), name);
      assert.ok(acceptable <= total);
      assert.deepEqual(trouble, []);
      await context.close();
    }
    ok(`${pages.length} pages as OCR programs left them`);
  }

  console.log(`${passed} passed, 0 failed`);
} finally {
  await browser.close();
  rmSync(desk, { recursive: true, force: true });
}
