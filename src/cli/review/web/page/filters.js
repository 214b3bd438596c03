// The filters above the list.

import { bell, desk, fail, filter } from './desk.js';
import { $, el } from './dom.js';
import { said, t } from './words.js';

const form = $('filters');

/** The filters, with what there is to choose from. */
export function renderFilters() {
  const select = (name, label, options) => {
    const chosen = desk.filters[name] ?? '';
    const nodes = [['', t('any')], ...options].map(([value, words]) => el('option', { value, selected: String(value) === String(chosen) }, words));
    return el('label', {}, el('span', {}, label), el('select', { name }, ...nodes));
  };
  const states = ['o', 'a', 'r', 'e', 'q', 'c'].map((state) => [state, t(`state_${state}`)]);
  const levels = ['auto', 'review', 'hint'].map((level) => [level, t(`level_${level}`)]);
  const rules = desk.rules.map((rule) => [rule.id, `${rule.id} ${said(rule.name)} · ${rule.count}`]);
  const families = [...new Set(desk.rules.map((rule) => rule.id[0]))].filter((letter) => desk.rules.filter((rule) => rule.id[0] === letter).length > 1);
  form.replaceChildren(
    select('state', t('byState'), [['oc', `${t('state_o')} + ${t('state_c')}`], ...states]),
    select('rule', t('byRule'), [...families.map((letter) => [letter, `${letter}…`]), ...rules]),
    select('level', t('byLevel'), levels),
    desk.files.length > 1 ? select('text', t('byFile'), desk.files.map((file, at) => [at, file.name])) : '',
    select('reviewer', t('byReviewer'), desk.reviewers.map((name) => [name, name])),
    el('button', { type: 'button', class: 'link', onclick: clear }, t('filterClear')));
}

function clear() {
  for (const select of form.querySelectorAll('select')) select.value = '';
  apply();
}

function apply() {
  const chosen = Object.fromEntries([...form.querySelectorAll('select')].map((select) => [select.name, select.value]));
  $('filter-button').classList.toggle('on', Object.values(chosen).some((value) => value !== ''));
  filter(chosen).catch(fail);
}

/** Opens or closes the filters. */
export function toggleFilters(open = form.hidden) {
  if (open) renderFilters();
  form.hidden = !open;
  $('filter-button').setAttribute('aria-expanded', String(open));
  if (open) form.querySelector('select').focus();
}

form.addEventListener('change', apply);
form.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  toggleFilters(false);
  $('filter-button').focus();
});
$('filter-button').addEventListener('click', () => toggleFilters());
bell.on('language', () => !form.hidden && renderFilters());
