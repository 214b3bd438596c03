// What the tests review: a scanned page with its boxes, and an archive of very many slips.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A page of a newspaper as lines of text, with slips of an OCR program in it. */
const PAGE = {
  title: '老街新事',
  columns: [
    '清晨六点，城南老街的早点铺子陆续开门。豆浆的热气漫过青石板，赶早的人三三两两坐下来。经营了三十年的陈师傅说，日子越过越有奔头。',
    '去年秋天，老街启动改造。施工队白天铺管，夜里清渣，前前后后忙了四个月。居民起初担心影响生意，后来发现门前的路平了，灯亮了，客人反而多了起来。',
    '社区里的议事亭也换了新颜。每逢周三晚上，街坊们围坐一圈，商量停车、商量绿化，也商量谁家老人需要照料。大家说，事情摆到桌面上，就没有解不开的疙瘩，工作难以以为继的时候也就过去了。',
    '改造没有动老街的筋骨。戏台还在，古井还在，修鞋的摊子也还在。设计师说，留住记忆，才留得住人。如今，老街白天有书声，夜里有灯火，一条街又活了起来。',
  ],
};

/** Makes a scan of the page with its hOCR in `folder`: what a scanner and an OCR program leave. */
export async function scannedPage(browser, folder) {
  const page = await browser.newPage({ viewport: { width: 1240, height: 900 } });
  const columns = PAGE.columns.map((text) => `<div>${text}</div>`).join('');
  await page.setContent(`<meta charset=utf-8><style>
    body{margin:60px 70px;background:#f6f1e4;font:26px/1.9 "Noto Serif CJK SC",serif;color:#29231b}
    h1{font-size:64px;margin:0 0 30px;text-align:center;letter-spacing:.2em;border-bottom:4px double}
    main{columns:2;column-gap:60px;text-align:justify}div{margin-bottom:8px}</style>
    <h1>${PAGE.title}</h1><main>${columns}</main>`);
  // The lines as they are broken, with their boxes.
  const lines = await page.evaluate(() =>
    [...document.querySelectorAll('h1, div')].map((node) => {
      const text = node.firstChild;
      const found = [];
      for (let at = 0; at < text.length; at += 1) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getBoundingClientRect();
        const last = found.at(-1);
        if (last && Math.abs(last.top - box.top) < 4) {
          last.text += text.data[at];
          last.right = box.right;
        } else found.push({ text: text.data[at], left: box.left, top: box.top, right: box.right, bottom: box.bottom });
      }
      return found;
    }));
  await page.screenshot({ path: path.join(folder, 'laojie.png') });
  await page.close();
  const box = (line) => ['left', 'top', 'right', 'bottom'].map((side) => Math.round(line[side])).join(' ');
  const around = (all) => `${Math.min(...all.map((l) => Math.round(l.left)))} ${Math.round(all[0].top)} ${Math.max(...all.map((l) => Math.round(l.right)))} ${Math.round(all.at(-1).bottom)}`;
  const blocks = lines.map((block, b) => `<div class='ocr_carea' id='block_${b}' title='bbox ${around(block)}'><p class='ocr_par' title='bbox ${around(block)}'>
${block.map((line, l) => `<span class='ocr_line' id='line_${b}_${l}' title='bbox ${box(line)}'><span class='ocrx_word' title='bbox ${box(line)}'>${line.text}</span></span>`).join('\n')}
</p></div>`);
  await writeFile(path.join(folder, 'laojie.hocr'), `<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title><meta name='ocr-system' content='made for a test'/></head><body>
<div class='ocr_page' id='page_1' title='image "laojie.png"; bbox 0 0 1240 900; ppageno 0'>
${blocks.join('\n')}
</div></body></html>
`);
}

/** Files with `slips` slips in all, each found by a rule of tables, so that checking takes seconds. */
export async function archive(folder, slips) {
  await mkdir(folder, { recursive: true });
  const [perParagraph, perFile] = [2, 2000];
  for (let file = 0; file * perFile < slips; file += 1) {
    const paragraphs = [];
    for (let at = 0; at < perFile / perParagraph; at += 1) {
      const number = file * (perFile / perParagraph) + at;
      paragraphs.push(`第${number}次会议讨论了街区的绿化和停车，居民${number}⼀致赞成，会后又到现场看了看，记下了编号${number}⽔井，并约定下周再来。`);
    }
    await writeFile(path.join(folder, `${String(file).padStart(3, '0')}.txt`), `${paragraphs.join('\n')}\n`);
  }
}
