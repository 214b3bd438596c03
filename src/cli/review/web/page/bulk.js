// All places of the same slip at a stroke, after they have been looked at.

import { get } from './api.js';
import { decide, desk, fail } from './desk.js';
import { $, el } from './dom.js';
import { t } from './words.js';

const dialog = $('bulk');

/** Shows the places a decision would reach, and makes it when it is confirmed. */
export async function bulk(verdict, choice = 1) {
  if (desk.current < 0) return;
  let alike;
  try {
    alike = await get('/api/alike', { index: desk.current });
  } catch (error) {
    return fail(error);
  }
  const [first] = alike.rows;
  const right = first.rights[choice - 1];
  if (verdict === 'accept' && right === undefined) return;
  const left = new Set();
  const go = el('button', { type: 'submit', class: verdict });
  const count = () => {
    go.textContent = t('bulkDo', alike.count - left.size);
    go.disabled = left.has(first.index) || alike.count === left.size;
  };
  const rows = alike.rows.map((row, at) => {
    const box = el('input', { type: 'checkbox', checked: true, disabled: at === 0 });
    box.addEventListener('change', () => {
      if (box.checked) left.delete(row.index);
      else left.add(row.index);
      count();
    });
    const change = [el('del', {}, row.wrong), verdict === 'accept' ? el('ins', {}, right || t('deletion')) : null];
    if (verdict !== 'accept') change[0] = el('b', {}, row.wrong);
    const flat = (text) => text.replace(/[\r\n]+/g, '');
    return el('li', {}, el('label', {}, box,
      el('span', { class: 'context' }, flat(row.before), ...change.filter(Boolean), flat(row.after)),
      el('span', { class: 'line' }, desk.files.length > 1 ? t('placeFile', desk.files[row.text].name.replace(/.*[\\/]/, ''), row.line) : t('place', row.line))));
  });
  count();
  const form = el('form', { method: 'dialog' },
    el('h2', { id: 'bulk-title' }, t(verdict === 'accept' ? 'bulkAccept' : 'bulkReject', alike.count)),
    el('p', { class: 'faint' }, t('bulkPick'), alike.rows.length < alike.count ? ` ${t('bulkShown', alike.rows.length, alike.count)}` : ''),
    el('ul', { class: 'bulk-rows' }, ...rows),
    el('footer', {}, el('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, t('cancel')), go));
  form.addEventListener('submit', () => {
    const said = verdict === 'accept' ? { verdict, choice } : { verdict };
    decide(first.index, said, { all: true, except: [...left] });
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  go.focus();
}
