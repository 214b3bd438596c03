// What is asked and told in front of everything else: the name, the keys, a word to allow.

import { allow, desk } from './desk.js';
import { $, el } from './dom.js';
import { t } from './words.js';

/** Asks who reviews, unless this browser knows. */
export function askName(again = false) {
  const known = localStorage.getItem('kanwu.reviewer');
  if (known && !again) return Promise.resolve(known);
  const dialog = $('who');
  const field = el('input', { id: 'who-name', name: 'name', required: true, maxlength: 60, autocomplete: 'name', value: known ?? desk.name ?? '' });
  const form = el('form', { method: 'dialog' },
    el('h2', { id: 'who-title' }, t('whoTitle')),
    el('p', { class: 'faint' }, t('whoWhy')),
    el('label', { for: 'who-name' }, t('whoName')), field,
    el('footer', {}, el('button', { type: 'submit', class: 'accept' }, t('whoStart'))));
  dialog.replaceChildren(form);
  // A decision has a name: the first time the question cannot be passed over.
  dialog.oncancel = (event) => !known && event.preventDefault();
  dialog.showModal();
  field.select();
  return new Promise((resolve) => {
    const done = (name) => {
      dialog.close();
      resolve(name);
    };
    dialog.onclose = () => known && resolve(known);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const name = field.value.trim();
      if (!name) return;
      localStorage.setItem('kanwu.reviewer', name);
      done(name);
    });
  });
}

/** Asks before a word goes into the table of the house. */
export function confirmAllow(row) {
  const dialog = $('bulk');
  const form = el('form', { method: 'dialog' },
    el('h2', { id: 'bulk-title' }, t('allowTitle', row.wrong)),
    el('p', { class: 'faint' }, t('allowWhy')),
    el('footer', {},
      el('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, t('cancel')),
      el('button', { type: 'submit', class: 'accept' }, t('allow'))));
  form.addEventListener('submit', () => allow(row.index));
  dialog.replaceChildren(form);
  dialog.showModal();
  form.querySelector('[type=submit]').focus();
}

/** The keys. */
export function showKeys() {
  const keys = [
    ['j k ↓ ↑', 'key_move'], ['.', 'key_open'], ['a', 'accept'], ['1–9', 'key_choice'], ['r', 'reject'],
    ['e', 'edit'], ['q', 'query'], ['A R', 'key_bulk'], ['i', 'allow'], ['u', 'undo'], ['s', 'key_settle'],
    ['/', 'search'], ['n N', 'key_found'], ['f', 'filter'], ['g', 'key_file'], ['v', 'key_view'],
    ['Tab', 'key_tab'], ['p', 'print'], ['?', 'help'],
  ];
  const dialog = $('bulk');
  dialog.replaceChildren(el('form', { method: 'dialog' },
    el('h2', { id: 'bulk-title' }, t('help')),
    el('dl', { class: 'keys' }, ...keys.flatMap(([key, words]) => [el('dt', {}, ...key.split(' ').map((one) => el('kbd', {}, one))), el('dd', {}, t(words))])),
    el('footer', {}, el('button', { type: 'submit', class: 'accept' }, t('close')))));
  dialog.showModal();
}
