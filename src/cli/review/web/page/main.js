// Starts the page, and holds what stands above the three columns.

import { get } from './api.js';
import { bell, blockOf, choose, connect, desk, fail, open, show, step, decide } from './desk.js';
import { renderDetail } from './detail.js';
import { askName, showKeys } from './dialogs.js';
import { $, el, settled } from './dom.js';
import './filters.js';
import './keys.js';
import { renderFiles, renderProgress, renderRows } from './queue.js';
import { jump, layOut, wholeFile } from './sheet.js';
import { language, setLanguage, startLanguage, t } from './words.js';

/** Puts the words of the language into the page. */
function speak() {
  document.title = t('title');
  for (const node of document.querySelectorAll('[data-words]')) node.textContent = t(node.dataset.words);
  for (const node of document.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', t(node.dataset.label));
    node.title = t(node.dataset.label);
  }
  $('search').placeholder = t('search');
  themeLabel();
}

const THEMES = ['auto', 'light', 'dark'];
const theme = () => document.documentElement.dataset.theme ?? 'auto';

function themeLabel() {
  const label = `${t('theme')}: ${t(`theme_${theme()}`)}`;
  $('theme').title = label;
  $('theme').setAttribute('aria-label', label);
}

function setTheme(name) {
  if (name === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  localStorage.setItem('kanwu.theme', name);
  themeLabel();
}

/** Says something to those who see it, and to those who hear it. */
function say(words, alarm = false) {
  const node = $(alarm ? 'alarm' : 'said');
  node.textContent = words;
  node.classList.add('seen');
  clearTimeout(say[node.id]);
  say[node.id] = setTimeout(() => node.classList.remove('seen'), alarm ? 8000 : 2600);
}

function renderPeople() {
  const others = desk.people.filter((name) => name !== desk.reviewer);
  const nodes = [desk.reviewer, ...others].filter(Boolean).slice(0, 5).map((name) =>
    el('span', { class: 'person', title: name, 'data-colour': [...name].reduce((sum, one) => sum + one.codePointAt(0), 0) % 6 }, [...name][0]));
  $('people').replaceChildren(...nodes);
  $('people').setAttribute('aria-label', t('here', [desk.reviewer, ...others].join(', ')));
}

/** Goes to the next or the last place of what was looked for. */
function find(by) {
  const { words, blocks } = desk.found;
  if (!blocks.length) return words && say(t('searchNone', words));
  const at = desk.found.at ?? (by > 0 ? -1 : 0);
  const next = (at + by + blocks.length) % blocks.length;
  desk.found.at = next;
  jump(blocks[next], words);
  const [first, end] = [desk.firstOf[blocks[next]], desk.firstOf[blocks[next] + 1]];
  if (first < end && blockOf(desk.current) !== blocks[next]) choose(first, { still: true });
  say(`${next + 1} / ${blocks.length}`);
}

async function search(words) {
  if (!words) {
    desk.found = { words: '', blocks: [] };
    return bell.ring('found');
  }
  try {
    const blocks = await get('/api/search', { words });
    const here = desk.current < 0 ? 0 : blockOf(desk.current);
    const first = blocks.findIndex((block) => block >= here);
    desk.found = { words, blocks, at: (first < 0 ? 0 : first) - 1 };
    bell.ring('found');
    find(1);
    say(blocks.length ? t('searchFound', words, blocks.length) : t('searchNone', words));
  } catch (error) {
    fail(error);
  }
}

async function print() {
  $('print').replaceChildren(...(await wholeFile()));
  globalThis.print();
}

function wire() {
  for (const radio of document.querySelectorAll('[name=view]')) radio.addEventListener('change', () => show(radio.value));
  $('language').addEventListener('click', () => {
    setLanguage(language() === 'zh' ? 'en' : 'zh');
    localStorage.setItem('kanwu.language', language());
    speak();
    renderPeople();
    bell.ring('language');
    bell.ring('view');
  });
  $('theme').addEventListener('click', () => setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]));
  $('help').addEventListener('click', showKeys);
  $('printer').addEventListener('click', print);
  $('list-button').addEventListener('click', () => document.body.classList.toggle('list-open'));
  $('more').addEventListener('click', () => document.body.classList.toggle('detail-open'));
  $('sheet').addEventListener('click', (event) => {
    document.body.classList.remove('list-open');
    if (!event.target.closest('.mark')) document.body.classList.remove('detail-open');
  });
  $('people').addEventListener('click', async () => {
    const name = await askName(true);
    if (name === desk.reviewer) return;
    desk.reviewer = name;
    connect();
    renderPeople();
  });
  $('back').addEventListener('click', () => step(-1));
  $('on').addEventListener('click', () => step(1));
  $('yes').addEventListener('click', () => decide(desk.current, { verdict: 'accept', choice: 1 }));
  $('no').addEventListener('click', () => decide(desk.current, { verdict: 'reject' }));
  $('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    search($('search').value.trim());
    $('sheet').focus({ preventScroll: true });
  });
  $('search').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    $('search').value = '';
    search('');
    $('sheet').focus({ preventScroll: true });
  });
  addEventListener('afterprint', () => $('print').replaceChildren());
  // A narrower column has higher blocks.
  let width = innerWidth;
  addEventListener('resize', settled(150, () => {
    if (innerWidth === width) return;
    width = innerWidth;
    layOut();
    if (desk.current >= 0) choose(desk.current);
  }));
  bell.on('view', () => {
    for (const radio of document.querySelectorAll('[name=view]')) radio.checked = radio.value === desk.view;
    $('flow').dataset.view = desk.view;
  });
  bell.on('say', say);
  bell.on('alarm', (words) => say(words, true));
  bell.on('people', renderPeople);
  bell.on('find', find);
  bell.on('print', print);
  bell.on('connected', (connected) => {
    $('broken').textContent = t('lost');
    $('broken').hidden = connected;
  });
  bell.on('locked', () => {
    $('broken').textContent = t('locked');
    $('broken').hidden = false;
  });
}

async function start() {
  setTheme(localStorage.getItem('kanwu.theme') ?? 'auto');
  startLanguage();
  speak();
  await open();
  wire();
  layOut();
  renderRows();
  renderFiles();
  renderProgress();
  if (desk.current >= 0) choose(desk.current);
  else renderDetail();
  document.body.classList.add('ready');
  performance.mark('kanwu-shown');
  desk.reviewer = await askName();
  renderPeople();
  connect();
  $('sheet').focus({ preventScroll: true });
}

start().catch((error) => {
  $('broken').textContent = error.status === 401 ? t('locked') : error.message;
  $('broken').hidden = false;
  throw error;
});
