// The list of suggestions, of which only the rows in sight are in the page, and the files.

import { get } from './api.js';
import { change } from './change.js';
import { bell, choose, desk, fileOf, listed, listedAt, placeOf } from './desk.js';
import { $, el, framed } from './dom.js';
import { t } from './words.js';

/** Pixels of a row, as in the style sheet. */
const ROW = 58;
const BATCH = 60;
const KEPT = 3000;

const scroller = $('rows');
const list = $('row-list');
const rows = new Map();
const asked = new Set();
const mounted = new Map();

const GLYPHS = { o: '', a: '✓', r: '✕', e: '✎', q: '?', c: '≠' };

export function renderRows() {
  const all = listed();
  const from = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 8);
  const to = Math.min(all, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + 8);
  list.style.height = `${all * ROW}px`;
  for (const [place, node] of mounted) {
    if (place < from || place >= to) {
      node.remove();
      mounted.delete(place);
    }
  }
  const missing = [];
  for (let place = from; place < to; place += 1) {
    const index = listedAt(place);
    if (!mounted.has(place)) {
      const node = el('div', { class: 'row', role: 'option', id: `row-${index}`, 'data-index': index, 'aria-posinset': place + 1, 'aria-setsize': all });
      node.style.top = `${place * ROW}px`;
      mounted.set(place, node);
      list.append(node);
      fill(node, index);
    }
    if (!rows.has(index) && !asked.has(index)) missing.push(index);
  }
  if (missing.length) fetchRows(missing.slice(0, BATCH));
}

async function fetchRows(indices) {
  indices.forEach((index) => asked.add(index));
  try {
    for (const row of await get('/api/rows', { of: indices.join(',') })) rows.set(row.index, row);
    if (rows.size > KEPT) for (const index of rows.keys()) if (!list.querySelector(`#row-${index}`)) rows.delete(index);
    for (const node of mounted.values()) if (indices.includes(Number(node.dataset.index))) fill(node, Number(node.dataset.index));
  } catch {
    // The line to the server is watched elsewhere; the rows are asked for again when it is back.
  } finally {
    indices.forEach((index) => asked.delete(index));
  }
}

function fill(node, index) {
  const row = rows.get(index);
  const state = desk.states[index];
  const current = index === desk.current;
  node.className = `row ${current ? 'current' : ''} ${desk.pending.has(index) ? 'pending' : ''}`;
  node.dataset.state = state;
  node.setAttribute('aria-selected', String(current));
  if (!row) {
    node.replaceChildren(el('span', { class: 'glyph' }, GLYPHS[state]));
    return;
  }
  const right = row.right ?? row.rights[0];
  const slip = el('span', { class: 'slip' }, ...(row.wrong.includes('|') && row.rule.startsWith('S10') ? seam(row.wrong) : inPlace(row, right)));
  node.setAttribute('aria-label', `${t(`state_${state}`)}: ${row.wrong} → ${right ?? t('asks')}, ${t('place', row.line)}, ${row.rule}`);
  node.replaceChildren(
    el('span', { class: 'glyph', 'aria-hidden': 'true' }, GLYPHS[state]),
    slip,
    el('span', { class: 'where' }, `${row.rule} ${ruleName(row.rule)}`),
    el('span', { class: 'line' }, t('place', row.line)),
  );
}

/** The characters on both sides of a seam. */
function seam(wrong) {
  const [left, right] = wrong.split('|');
  return [left.slice(-6), el('del', { class: 'join' }), right.slice(0, 6)];
}

/** What changes, in its surroundings. */
function inPlace({ wrong, before, after }, right) {
  const around = (text) => el('span', { class: 'context' }, text.replace(/[\r\n]+/g, ''));
  const { head, gone, come, tail } = change(wrong, right ?? wrong);
  const marks = right === undefined
    ? [el('b', {}, wrong), el('i', {}, ` ${t('asks')}`)]
    : [head.slice(-4), gone && el('del', {}, gone), come && el('ins', {}, come), tail];
  const context = right === undefined ? 4 : Math.max(0, 4 - head.length);
  return [around(context ? before.slice(-context) : ''), ...marks.filter(Boolean), around(after)];
}

const ruleName = (id) => {
  const rule = desk.rules.find((one) => one.id === id);
  return rule ? rule.name[document.documentElement.lang === 'en' ? 'en' : 'zh'] : '';
};

function toCurrent() {
  const place = placeOf(desk.current);
  const [top, height] = [place * ROW, scroller.clientHeight];
  if (top < scroller.scrollTop + ROW || top > scroller.scrollTop + height - 2 * ROW) {
    scroller.scrollTop = top - height * 0.35;
  }
  renderRows();
  for (const node of mounted.values()) {
    const current = Number(node.dataset.index) === desk.current;
    node.classList.toggle('current', current);
    node.setAttribute('aria-selected', String(current));
  }
  scroller.setAttribute('aria-activedescendant', `row-${desk.current}`);
}

function refill(indices) {
  const changed = new Set(indices);
  for (const index of indices) rows.delete(index);
  for (const node of mounted.values()) if (changed.has(Number(node.dataset.index))) fill(node, Number(node.dataset.index));
  renderRows();
}

/** The files with how far they are. */
export const renderFiles = framed(() => {
  const list = $('files');
  list.hidden = desk.files.length < 2;
  const at = fileOf(desk.current);
  // Many files are listed around the current one; the filter leads to the others.
  const from = Math.max(0, Math.min(at - 3, desk.files.length - 7));
  const nodes = desk.files.slice(from, from + 7).map((file, offset) => {
    let done = 0;
    for (let index = file.first; index < file.first + file.count; index += 1) done += 'areq'.includes(desk.states[index]) ? 1 : 0;
    const here = from + offset === at;
    return el('li', {},
      el('button', { type: 'button', class: here ? 'current' : '', 'aria-current': here ? 'true' : null, title: file.name, disabled: !file.count, onclick: () => choose(file.first) },
        el('span', { class: 'name' }, file.name.replace(/.*[\\/]/, '')),
        el('span', { class: 'count' }, `${done}/${file.count}`),
        el('progress', { max: file.count || 1, value: file.count ? done : 1, 'aria-label': t('progress', done, file.count) })));
  });
  list.replaceChildren(...nodes);
});

/** How far everything is. */
export const renderProgress = framed(() => {
  let [done, conflicts] = [0, 0];
  for (const state of desk.states) {
    if (state === 'c') conflicts += 1;
    else if (state !== 'o') done += 1;
  }
  const all = desk.states.length;
  $('progress').textContent = t('progress', done.toLocaleString(), all.toLocaleString());
  $('conflicts').textContent = conflicts ? t('conflicts', conflicts) : '';
  $('bar').max = all || 1;
  $('bar').value = done;
  $('none').hidden = listed() > 0;
  $('none').textContent = all ? t('noneFiltered') : t('none');
});

scroller.addEventListener('scroll', framed(renderRows), { passive: true });
list.addEventListener('click', (event) => {
  const row = event.target.closest('.row');
  if (!row) return;
  choose(Number(row.dataset.index));
  document.body.classList.remove('list-open');
});
addEventListener('resize', framed(renderRows));

bell.on('current', () => {
  toCurrent();
  renderFiles();
});
bell.on('guessed', (index) => {
  for (const node of mounted.values()) if (Number(node.dataset.index) === index) fill(node, index);
  renderProgress();
});
bell.on('states', (indices) => {
  refill(indices);
  renderFiles();
  renderProgress();
});
bell.on('queue', () => {
  for (const node of mounted.values()) node.remove();
  mounted.clear();
  scroller.scrollTop = 0;
  renderRows();
  toCurrent();
  renderProgress();
});
bell.on('language', () => {
  for (const node of mounted.values()) fill(node, Number(node.dataset.index));
  renderFiles();
  renderProgress();
});
