// All there is to know of the suggestion the reviewer is at, and what can be done about it.

import { get } from './api.js';
import { confirmAllow } from './dialogs.js';
import { bulk } from './bulk.js';
import { change } from './change.js';
import { bell, choose, decide, desk, undo } from './desk.js';
import { $, el } from './dom.js';
import { jump } from './sheet.js';
import { said, t } from './words.js';

const panel = $('detail-body');
let shown = null;
let asking = null;

/** Reads and shows the current suggestion. */
export async function renderDetail() {
  const index = desk.current;
  if (index < 0) return panel.replaceChildren(el('p', { class: 'empty' }, t('none')));
  const ask = Symbol(index);
  asking = ask;
  let detail;
  try {
    detail = await get('/api/suggestion', { index });
  } catch {
    return;
  }
  // Another one may have been gone to meanwhile.
  if (asking !== ask) return;
  const editing = panel.querySelector('.edit:not([hidden])');
  if (editing && shown?.row.index === index) return;
  const moved = shown?.row.index !== index;
  shown = detail;
  panel.replaceChildren(...sections(detail));
  if (moved) panel.scrollTop = 0;
}

export const current = () => (shown?.row.index === desk.current ? shown : null);

function sections(detail) {
  const { row, rule } = detail;
  const percent = Math.round(detail.confidence * 100);
  return [
    el('header', { class: 'kicker' },
      el('span', { class: 'rule' }, `${rule.id} ${said(rule.name)}`),
      el('span', { class: `level ${row.level}` }, t(`level_${row.level}`)),
      el('span', { class: 'sure' }, t('confidence', percent))),
    slip(detail),
    el('p', { class: 'reason' }, said(detail.message)),
    detail.conflict.length ? conflict(detail) : null,
    choices(detail),
    actions(detail),
    editor(detail),
    scan(detail),
    evidence(detail),
    alike(detail),
    history(detail),
    manual(rule),
  ].filter(Boolean);
}

/** The slip in large letters: what stands there, and what it is to become. */
function slip({ row, choices: offered }) {
  const decided = row.state === 'a' || row.state === 'e';
  const right = decided ? row.right : offered[0]?.right;
  const seam = row.wrong.includes('|') && row.rule.startsWith('S10');
  const parts = seam ? row.wrong.split('|') : null;
  const node = el('div', { class: 'slip', 'data-state': row.state });
  if (parts) node.append(parts[0], el('del', { class: 'join', title: t('joinMark') }), parts[1]);
  else {
    const tail = (text, count) => (count < 0 ? text.slice(count) : text.slice(0, count)).replace(/[\r\n]+/g, '');
    const { head, gone, come, tail: rest } = change(row.wrong, right ?? row.wrong);
    const marks = right === undefined ? [el('mark', {}, row.wrong)] : [head, gone && el('del', {}, gone), come && el('ins', {}, come), rest];
    node.append(el('span', { class: 'context' }, tail(row.before, -5)), ...marks.filter(Boolean));
    node.append(el('span', { class: 'context' }, tail(row.after, 5)));
  }
  const where = desk.files.length > 1 ? t('placeFile', desk.files[row.text].name, row.line) : t('place', row.line);
  return el('figure', {}, node, el('figcaption', {}, el('span', { class: `state ${row.state}` }, t(`state_${row.state}`)), where));
}

function choices({ row, choices: offered }) {
  if (!offered.length) return null;
  const list = offered.map((choice, at) =>
    el('li', {},
      el('button', {
        type: 'button',
        class: `choice ${row.state === 'a' && row.right === choice.right ? 'taken' : ''}`,
        disabled: !choice.acts,
        onclick: () => decide(row.index, { verdict: 'accept', choice: at + 1 }),
      },
      el('kbd', {}, at < 9 ? String(at + 1) : ''),
      el('b', {}, choice.right || t('deletion')),
      el('span', { class: 'sure' }, `${Math.round(choice.confidence * 100)}%`))));
  return el('section', {}, el('h3', {}, t('candidates')), el('ol', { class: 'choices' }, ...list));
}

function actions({ row, choices: offered, alike_open: others }) {
  const button = (key, what, words, act, extra = {}) =>
    el('button', { type: 'button', class: what, onclick: act, 'aria-keyshortcuts': key, ...extra }, words, el('kbd', {}, key));
  const acts = offered[0]?.acts;
  const open = row.state === 'o' ? others + 1 : others;
  const alike = open > 1 || (others && row.state !== 'o');
  return el('div', { class: 'actions' },
    button('a', 'accept', t('accept'), () => decide(row.index, { verdict: 'accept', choice: 1 }), { disabled: !acts }),
    button('r', 'reject', t('reject'), () => decide(row.index, { verdict: 'reject' })),
    button('e', 'quiet', t('edit'), edit),
    button('q', 'quiet', t('query'), () => decide(row.index, { verdict: 'query' })),
    button('i', 'quiet', t('allow'), () => confirmAllow(row)),
    button('u', 'quiet', t('undo'), undo),
    alike && acts ? button('A', 'quiet wide', `${t('acceptAll')} (${others + 1})`, () => bulk('accept')) : null,
    alike ? button('R', 'quiet wide', `${t('rejectAll')} (${others + 1})`, () => bulk('reject')) : null);
}

function editor({ row, choices: offered }) {
  const field = el('input', { type: 'text', id: 'own', autocomplete: 'off', spellcheck: 'false', value: row.right ?? offered[0]?.right ?? row.wrong });
  const form = el('form', { class: 'edit', hidden: true },
    el('label', { for: 'own' }, t('ownWords')), field,
    el('button', { type: 'submit', class: 'accept' }, t('save')),
    el('button', { type: 'button', class: 'quiet', onclick: close }, t('cancel')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    close();
    decide(row.index, { verdict: 'replace', text: field.value });
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  function close() {
    form.hidden = true;
    $('sheet').focus({ preventScroll: true });
  }
  return form;
}

/** Opens the line for the reviewer's own wording. */
export function edit() {
  const form = panel.querySelector('.edit');
  if (!form || !current()) return;
  document.body.classList.add('detail-open');
  form.hidden = false;
  const field = form.querySelector('input');
  field.focus();
  field.select();
}

function conflict({ row, conflict: last }) {
  const verdicts = last.map((one) => {
    const words = one.verdict === 'accept' || one.verdict === 'replace' ? `${t(`said_${one.verdict}`)} ${one.right || t('deletion')}` : t(`said_${one.verdict}`);
    const settle = () => decide(row.index, verdictOf(one), { settles: true });
    return el('li', {}, el('b', {}, one.reviewer || t('nobody')), ` ${words} `, el('button', { type: 'button', class: 'quiet', onclick: settle }, t('settleAs')));
  });
  return el('section', { class: 'conflict' }, el('h3', {}, t('conflictTitle')), el('ul', {}, ...verdicts));
}

/** What was said, as something to say again. */
function verdictOf({ verdict, right }) {
  const number = shown.choices.findIndex((choice) => choice.right === right);
  if (verdict === 'accept' && number >= 0) return { verdict, choice: number + 1 };
  return right === undefined ? { verdict } : { verdict: 'replace', text: right };
}

/** Goes to the buttons that end a conflict. */
export function settle() {
  document.body.classList.add('detail-open');
  panel.querySelector('.conflict button')?.focus();
}

function evidence({ evidence: clues }) {
  if (!clues.length) return null;
  const list = clues.map(({ message, place }) =>
    el('li', {}, said(message), place
      ? el('button', { type: 'button', class: 'link', onclick: () => jump(place.block, place.words) }, t('jump', place.line))
      : null));
  return el('section', {}, el('h3', {}, t('evidence')), el('ul', { class: 'evidence' }, ...list));
}

function alike({ alike: count, alike_open: open, alike_rows: rows }) {
  if (!count) return null;
  const list = rows.map((row) =>
    el('li', {}, el('button', { type: 'button', class: 'link', onclick: () => choose(row.index) },
      el('span', { class: `state ${row.state}` }, t(`state_${row.state}`)), ' ',
      row.before.slice(-6).replace(/\s/g, ''), el('b', {}, row.wrong), row.after.slice(0, 6).replace(/\s/g, ''))));
  return el('section', {}, el('h3', {}, t('alike')), el('p', { class: 'faint' }, t('alikeCount', count, open)), el('ul', { class: 'alike' }, ...list));
}

function history({ history: all }) {
  if (!all.length) return null;
  const list = all.map((one) => {
    const at = one.at ? new Date(one.at) : null;
    const extra = [one.all && t('said_all'), one.settles && t('said_settles')].filter(Boolean).join('，');
    return el('li', {},
      el('b', {}, one.reviewer || t('nobody')), ` ${t(`said_${one.verdict}`)}`,
      one.right !== undefined ? ` ${one.right || t('deletion')}` : '', extra ? ` · ${extra}` : '',
      at ? el('time', { datetime: one.at }, at.toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' })) : null);
  });
  return el('section', {}, el('h3', {}, t('history')), el('ol', { class: 'history' }, ...list.reverse()));
}

function manual(rule) {
  const lines = (text) => text.replace(/\n+/g, ' ⏎ ').replace(/ ⏎ $/, '');
  const examples = rule.examples.slice(0, 4).map(([wrong, right]) =>
    el('li', {}, el('del', {}, lines(wrong)), right === wrong ? null : el('ins', {}, lines(right))));
  return el('details', { class: 'manual' },
    el('summary', {}, `${t('manual')} · ${rule.id}`),
    el('p', {}, said(rule.summary)),
    el('h4', {}, t('why')), el('p', {}, said(rule.why)),
    rule.standard ? el('h4', {}, t('standard')) : null, rule.standard ? el('p', {}, rule.standard) : null,
    examples.length ? el('h4', {}, t('examples')) : null, el('ul', { class: 'examples' }, ...examples),
    rule.silent_on.length ? el('h4', {}, t('silentOn')) : null,
    el('ul', { class: 'examples' }, ...rule.silent_on.slice(0, 3).map((text) => el('li', {}, lines(text)))));
}

/** The page's image with the line framed: close up, or whole. */
function scan({ scan: address, place, size }) {
  if (!address) return null;
  const image = el('img', { src: address, alt: t('scanAlt', place?.page ?? 1), draggable: 'false' });
  const frame = el('div', { class: 'frame', hidden: true });
  const page = el('div', { class: 'page' }, image, frame);
  const view = el('div', { class: 'scan', tabindex: 0 }, page);
  let whole = !place?.box;
  const toggle = el('button', { type: 'button', class: 'link', onclick: () => lay(!whole) });
  const lay = (asWhole) => {
    whole = asWhole;
    toggle.textContent = whole ? t('scanNear') : t('scanWhole');
    view.classList.toggle('whole', whole);
    const scale = scaleOf(image, place, size);
    if (!scale) return;
    const [left, top, right, bottom] = place.box.map((value, at) => value * scale[at % 2]);
    // Close up the line is seen from end to end, unless its letters were too small to read.
    const [fits, page] = [(view.clientWidth * 0.94) / (right - left), view.clientWidth / image.naturalWidth];
    const near = Math.min(1.6, Math.max(fits, page, 20 / Math.min(bottom - top, right - left)));
    const zoom = whole ? page : near;
    image.style.width = `${image.naturalWidth * zoom}px`;
    Object.assign(frame.style, { left: `${left * zoom - 3}px`, top: `${top * zoom - 3}px`, width: `${(right - left) * zoom + 6}px`, height: `${(bottom - top) * zoom + 6}px` });
    frame.hidden = false;
    view.scrollLeft = ((left + right) / 2) * zoom - view.clientWidth / 2;
    view.scrollTop = ((top + bottom) / 2) * zoom - view.clientHeight / 2;
  };
  image.addEventListener('load', () => lay(whole));
  image.addEventListener('click', () => place?.box && lay(!whole));
  return el('section', { class: 'scan-section' }, el('h3', {}, t('scan'), place?.box ? toggle : null), view);
}

/** Pixels of the image for each unit of the box, across and down. */
function scaleOf(image, place, size) {
  if (!place?.box || !image.naturalWidth) return null;
  if (size) return [image.naturalWidth / size[0], image.naturalHeight / size[1]];
  return place.unit === 'pixel' ? [1, 1] : null;
}

bell.on('current', renderDetail);
bell.on('states', (indices) => {
  if (shown && (indices.includes(shown.row.index) || indices.length > 1)) renderDetail();
});
bell.on('language', () => {
  if (shown) panel.replaceChildren(...sections(shown));
});
