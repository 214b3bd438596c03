// The text column: only the blocks in sight are in the page, however long the texts are.

import { get } from './api.js';
import { bell, blockOf, choose, decide, desk, fileOf } from './desk.js';
import { $, Sums, el, framed } from './dom.js';
import { t } from './words.js';

/** Blocks fetched at once, and those kept. */
const BATCH = 40;
const KEPT = 2000;

/** Pixels above and below the window that are ready to be scrolled to. */
const AHEAD = 900;

const scroller = $('sheet');
const flow = $('flow');
const blocks = new Map();
const asked = new Set();
const mounted = new Map();
let heights = new Sums([]);
let watch;

/** Makes the column ready for the texts of the desk. */
export function layOut() {
  const [perLine, line] = [Math.max(14, Math.floor(flow.clientWidth / 19)), 36];
  const heads = new Set(desk.files.map((file) => file.block));
  heights = new Sums(
    desk.characters.map((count, at) => Math.ceil(count / perLine) * line + 14 + (heads.has(at) ? 76 : 0)),
  );
  watch?.disconnect();
  watch = new ResizeObserver(measure);
  for (const node of mounted.values()) node.remove();
  mounted.clear();
  render();
}

/** Fetches blocks that are not there yet. */
async function fetchBlocks(from, to) {
  const view = desk.view;
  const start = from - (from % BATCH);
  const wanted = [];
  for (let at = start; at < to; at += BATCH) {
    let missing = false;
    for (let n = at; n < Math.min(at + BATCH, desk.characters.length); n += 1) missing ||= !blocks.has(n);
    if (missing && !asked.has(`${view}${at}`)) wanted.push(at);
  }
  await Promise.all(
    wanted.map(async (at) => {
      asked.add(`${view}${at}`);
      try {
        for (const block of await get('/api/blocks', { from: at, count: BATCH, view })) {
          if (view === desk.view) put(block);
        }
      } finally {
        asked.delete(`${view}${at}`);
      }
    }),
  );
  if (blocks.size > KEPT) {
    for (const number of blocks.keys()) if (!mounted.has(number)) blocks.delete(number);
  }
  if (wanted.length) render();
}

/** Takes in a block, and shows it anew where it is in the page. */
function put(block) {
  blocks.set(block.number, block);
  const node = mounted.get(block.number);
  if (!node) return;
  const focused = node.contains(document.activeElement) && document.activeElement.dataset.index;
  fill(node, block);
  if (focused) node.querySelector(`[data-index="${focused}"]`)?.focus({ preventScroll: true });
}

/** Shows the blocks in sight. */
export function render() {
  if (!desk.characters.length) return;
  const [top, height] = [scroller.scrollTop - flow.offsetTop, scroller.clientHeight];
  const from = heights.at(Math.max(0, top - AHEAD));
  const to = Math.min(desk.characters.length, heights.at(Math.max(0, top + height + AHEAD)) + 1);
  flow.style.height = `${heights.total}px`;
  for (const [number, node] of mounted) {
    if ((number < from || number >= to) && !node.contains(document.activeElement)) {
      watch.unobserve(node);
      node.remove();
      mounted.delete(number);
    }
  }
  for (let number = from; number < to; number += 1) if (!mounted.has(number)) mount(number);
  place();
  fetchBlocks(from, to).catch(() => {});
}

function mount(number) {
  const node = el('div', { class: 'block', 'data-number': number });
  mounted.set(number, node);
  const block = blocks.get(number);
  if (block) fill(node, block);
  else {
    node.classList.add('waits');
    node.style.height = `${heights.values[number]}px`;
  }
  // In the order of the text, also for those who hear it read out.
  let behind = null;
  for (const other of flow.children) {
    if (Number(other.dataset.number) > number) {
      behind = other;
      break;
    }
  }
  flow.insertBefore(node, behind);
  watch.observe(node);
}

function place() {
  for (const [number, node] of mounted) node.style.top = `${heights.before(number)}px`;
}

/** Takes in the heights blocks turn out to have, without moving what is being read. */
function measure(seen) {
  const top = scroller.scrollTop - flow.offsetTop;
  let shift = 0;
  for (const { target } of seen) {
    const number = Number(target.dataset.number);
    if (!mounted.has(number)) continue;
    const height = target.offsetHeight;
    const change = height - heights.values[number];
    if (Math.abs(change) < 0.5) continue;
    if (heights.before(number) + heights.values[number] <= top + 1) shift += change;
    heights.set(number, height);
  }
  flow.style.height = `${heights.total}px`;
  if (shift) scroller.scrollTop += shift;
  place();
  // The place a keystroke went to is kept in sight while its surroundings settle.
  if (sought) centre();
  more();
}

const more = framed(render);
let sought = null;

/** Goes where a suggestion stands; what is in sight is not moved. */
function reveal(index) {
  sought = { number: blockOf(index), index };
  centre();
  clearTimeout(reveal.timer);
  reveal.timer = setTimeout(() => (sought = null), 700);
}

function centre() {
  const { number, index } = sought;
  const [top, height] = [scroller.scrollTop - flow.offsetTop, scroller.clientHeight];
  let mark = mounted.get(number)?.querySelector(`[data-index="${index}"]`);
  if (!mark) {
    const [start, end] = [heights.before(number), heights.before(number + 1)];
    if (start < top || Math.min(end, start + height / 2) > top + height) {
      scroller.scrollTop = start + flow.offsetTop - height * 0.3;
    }
    render();
    mark = mounted.get(number)?.querySelector(`[data-index="${index}"]`);
  }
  if (!mark) return;
  const [box, frame] = [mark.getBoundingClientRect(), scroller.getBoundingClientRect()];
  if (box.top < frame.top + 60 || box.bottom > frame.bottom - 90) {
    scroller.scrollTop += box.top - frame.top - frame.height * 0.36;
    render();
  }
}

/** Goes to words in a block, and marks them for a while. */
export async function jump(number, words) {
  sought = null;
  await fetchBlocks(number, number + 1);
  scroller.scrollTop = heights.before(number) + flow.offsetTop - scroller.clientHeight * 0.3;
  render();
  const node = mounted.get(number);
  if (!node) return;
  const ranges = rangesOf(node, words);
  const box = ranges[0]?.getBoundingClientRect();
  if (box) scroller.scrollTop += box.top - scroller.getBoundingClientRect().top - scroller.clientHeight * 0.4;
  node.classList.add('flash');
  mark('evidence', ranges);
  setTimeout(() => {
    node.classList.remove('flash');
    mark('evidence', []);
  }, 2600);
}

/** Where words stand in a block as it was read: what is suggested to be put in is passed over. */
function rangesOf(node, words) {
  const [pieces, ranges] = [[], []];
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let text = '';
  while (walk.nextNode()) {
    if (walk.currentNode.parentElement.closest('ins, .tag, .file')) continue;
    pieces.push([text.length, walk.currentNode]);
    text += walk.currentNode.data;
  }
  const wanted = words.replace(/[\r\n]/g, '');
  const at = (offset, end) => {
    let piece = pieces[0];
    for (const other of pieces) if (other[0] < offset || (!end && other[0] === offset)) piece = other;
    return [piece[1], offset - piece[0]];
  };
  for (let from = text.indexOf(wanted); wanted && from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
    const range = new Range();
    range.setStart(...at(from, false));
    range.setEnd(...at(from + wanted.length, true));
    ranges.push(range);
  }
  return ranges;
}

function mark(name, ranges) {
  if (!globalThis.Highlight) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}

/** Marks what was looked for in the blocks in sight. */
const markFound = framed(() => {
  const { words } = desk.found;
  mark('found', words ? [...mounted.values()].flatMap((node) => rangesOf(node, words)) : []);
});

/** Fills a block with its paragraphs. */
function fill(node, block) {
  node.classList.remove('waits');
  node.style.height = '';
  node.replaceChildren();
  const file = desk.files[block.text];
  if (file.block === block.number) {
    const [folder, name] = [/.*[\\/]/.exec(file.name)?.[0] ?? '', file.name.replace(/.*[\\/]/, '')];
    node.append(el('h2', { class: 'file' }, el('span', { class: 'folder' }, folder), name));
  }
  node.append(...paragraphs(block));
  markFound();
}

/** The paragraphs of a block with its marks. */
export function paragraphs(block) {
  const rows = new Map(block.suggestions.map((row) => [row.index, row]));
  const made = [];
  let paragraph = null;
  let open = null;
  const begin = (moved) => {
    if (!paragraph) {
      const first = made.length === 0;
      paragraph = el('p', { class: block.continues && first ? 'goes-on' : '', 'data-line': first ? block.line : null });
      if (moved !== null) paragraph.className = 'moved';
      if (moved !== null && made.at(-1)?.className !== 'moved') {
        paragraph.append(el('span', { class: 'tag' }, t('moved')));
      }
      made.push(paragraph);
    }
    return paragraph;
  };
  for (const [text, kind, index, moved] of block.runs) {
    const row = index === null ? null : rows.get(index);
    if (!row && kind === 0) {
      open = null;
      // A line break that stays ends the paragraph; empty lines are no paragraphs.
      text.split(/\r?\n|\r/).forEach((piece, at) => {
        if (at > 0) paragraph = null;
        if (piece.trim()) begin(moved).append(piece);
      });
      continue;
    }
    // A line break that is only asked about stays, as any other; one that goes is a join.
    const parts = kind === 3 ? text.split(/\r?\n|\r/) : [text];
    parts.forEach((part, at) => {
      if (at > 0) paragraph = null;
      if (kind === 3 && !part.trim()) return;
      const into = begin(moved);
      if (!open || Number(open.dataset.index) !== index || open.parentElement !== into) {
        open = markOf(row);
        into.append(open);
      }
      open.append(...pieces(part, kind));
    });
  }
  for (const one of made) if (one.textContent.length <= 26 && !/[。；，！？]/.test(one.textContent)) one.classList.add('short');
  return made;
}

/** The mark of a suggestion in the text. */
function markOf(row) {
  const right = row.right ?? row.rights[0];
  const label = `${row.wrong} → ${right === undefined ? t('asks') : right || t('deletion')}, ${t(`state_${row.state}`)}`;
  const current = row.index === desk.current;
  return el('span', {
    class: `mark ${current ? 'current' : ''} ${desk.pending.has(row.index) ? 'pending' : ''}`,
    'data-index': row.index,
    'data-state': desk.states[row.index],
    'data-level': row.level,
    role: 'button',
    tabindex: current ? 0 : -1,
    'aria-label': label,
    'aria-current': current ? 'true' : null,
  });
}

/** What goes, comes or is asked about; a line break that goes is shown as a join. */
function pieces(text, kind) {
  const tag = ['span', 'del', 'ins', 'span'][kind];
  if (kind === 1 && !text.trim()) return [el('del', { class: 'join', title: t('joinMark') })];
  return text
    .split(/[\r\n]+/)
    .filter((piece, at, all) => piece || all.length === 1)
    .map((piece) => el(tag, { class: kind === 3 ? 'asked' : '' }, piece));
}

/** Shows where the reviewer is. */
function markCurrent() {
  for (const old of flow.querySelectorAll('.mark.current')) {
    old.classList.remove('current');
    old.tabIndex = -1;
    old.removeAttribute('aria-current');
  }
  for (const mark of flow.querySelectorAll(`[data-index="${desk.current}"]`)) {
    mark.classList.add('current');
    mark.tabIndex = 0;
    mark.setAttribute('aria-current', 'true');
  }
}

/** All blocks of the file the reviewer is in, for the printer. */
export async function wholeFile() {
  const file = desk.files[Math.max(0, fileOf(desk.current))];
  const all = [];
  for (let from = file.block; from < file.block + file.blocks; from += 400) {
    const count = Math.min(400, file.block + file.blocks - from);
    all.push(...(await get('/api/blocks', { from, count, view: desk.view })));
  }
  return [el('h2', { class: 'file' }, file.name), ...all.flatMap(paragraphs)];
}

// The card at a mark: its choices, to be taken with the mouse.
const card = $('card');
let cardFor = -1;

function openCard(mark) {
  const index = Number(mark.dataset.index);
  const row = blocks.get(Number(mark.closest('.block').dataset.number))?.suggestions.find((one) => one.index === index);
  if (!row) return;
  cardFor = index;
  const take = (verdict) => () => {
    closeCard();
    choose(index, { still: true });
    decide(index, verdict);
  };
  const choices = row.rights.map((right, at) =>
    el('button', { type: 'button', class: 'choice', onclick: take({ verdict: 'accept', choice: at + 1 }) },
      el('kbd', {}, String(at + 1)), el('b', {}, right || t('deletion'))));
  card.replaceChildren(
    el('div', { class: 'card-choices' }, ...(choices.length ? choices : [el('span', {}, t('asks'))])),
    el('button', { type: 'button', class: 'quiet', onclick: take({ verdict: 'reject' }) }, t('reject')),
    el('button', { type: 'button', class: 'quiet', onclick: take({ verdict: 'query' }) }, t('query')),
  );
  card.hidden = false;
  const [box, own] = [mark.getClientRects()[0], card.getBoundingClientRect()];
  const below = box.bottom + own.height + 14 < innerHeight;
  card.style.left = `${Math.max(8, Math.min(box.left - 10, innerWidth - own.width - 8))}px`;
  card.style.top = `${below ? box.bottom + 6 : box.top - own.height - 6}px`;
}

export function closeCard() {
  card.hidden = true;
  cardFor = -1;
}

let hover;
flow.addEventListener('pointerover', (event) => {
  const mark = event.target.closest('.mark');
  clearTimeout(hover);
  if (mark && event.pointerType === 'mouse') hover = setTimeout(() => openCard(mark), 220);
});
flow.addEventListener('pointerout', () => {
  clearTimeout(hover);
  hover = setTimeout(() => !card.matches(':hover, :focus-within') && closeCard(), 280);
});
card.addEventListener('pointerleave', () => (hover = setTimeout(closeCard, 280)));
card.addEventListener('pointerenter', () => clearTimeout(hover));
flow.addEventListener('focusin', (event) => {
  const mark = event.target.closest('.mark');
  if (!mark?.matches(':focus-visible')) return;
  if (Number(mark.dataset.index) !== desk.current) choose(Number(mark.dataset.index), { still: true });
  openCard(mark);
});
flow.addEventListener('focusout', (event) => !card.contains(event.relatedTarget) && closeCard());
flow.addEventListener('click', (event) => {
  const mark = event.target.closest('.mark');
  if (mark) choose(Number(mark.dataset.index), { still: true, ask: true });
});
scroller.addEventListener('scroll', () => {
  if (cardFor >= 0) closeCard();
  more();
  markFound();
}, { passive: true });
addEventListener('resize', more);

bell.on('current', ({ still } = {}) => {
  markCurrent();
  if (!still) reveal(desk.current);
});
/** Shows the state of suggestions at once; their text follows when the server has told it. */
function restate(indices) {
  for (const index of indices.slice(0, 500)) {
    for (const mark of flow.querySelectorAll(`[data-index="${index}"]`)) {
      mark.classList.toggle('pending', desk.pending.has(index));
      mark.dataset.state = desk.states[index];
    }
  }
}

bell.on('guessed', (index) => restate([index]));
bell.on('block', put);
bell.on('states', (indices) => {
  restate(indices);
  const changed = new Set(indices.map(blockOf));
  const seen = [...changed].filter((number) => mounted.has(number));
  for (const number of changed) if (!mounted.has(number)) blocks.delete(number);
  if (!seen.length) return;
  const [from, to] = [Math.min(...seen), Math.max(...seen)];
  const { view } = desk;
  const shown = (fresh) => view === desk.view && fresh.forEach(put);
  get('/api/blocks', { from, count: to - from + 1, view }).then(shown).catch(() => {});
});
bell.on('view', async () => {
  blocks.clear();
  const numbers = [...mounted.keys()];
  if (!numbers.length) return;
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  const { view } = desk;
  const fresh = await get('/api/blocks', { from, count: to - from + 1, view });
  // Another one may have been asked for meanwhile.
  if (view !== desk.view) return;
  fresh.forEach(put);
  markCurrent();
});
bell.on('found', markFound);
