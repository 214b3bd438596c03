// The keyboard, as in the terminal.

import { bulk } from './bulk.js';
import { bell, choose, decide, desk, listed, listedAt, show, step, stepFile, stepOpen, undo } from './desk.js';
import { current, edit, settle } from './detail.js';
import { confirmAllow, showKeys } from './dialogs.js';
import { $ } from './dom.js';
import { toggleFilters } from './filters.js';
import { closeCard } from './sheet.js';

const VIEWS = ['marked', 'before', 'after'];

const here = (act) => () => desk.current >= 0 && act(desk.current);

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  Home: () => listed() && choose(listedAt(0)),
  End: () => listed() && choose(listedAt(listed() - 1)),
  '.': stepOpen,
  a: here((index) => decide(index, { verdict: 'accept', choice: 1 })),
  r: here((index) => decide(index, { verdict: 'reject' })),
  q: here((index) => decide(index, { verdict: 'query' })),
  e: edit,
  A: here(() => bulk('accept')),
  R: here(() => bulk('reject')),
  i: () => current() && confirmAllow(current().row),
  u: undo,
  s: settle,
  '/': () => $('search').focus(),
  n: () => bell.ring('find', 1),
  N: () => bell.ring('find', -1),
  f: () => toggleFilters(true),
  g: stepFile,
  v: () => show(VIEWS[(VIEWS.indexOf(desk.view) + 1) % VIEWS.length]),
  p: () => bell.ring('print'),
  '?': showKeys,
  Escape: () => {
    closeCard();
    document.body.classList.remove('list-open', 'detail-open');
  },
};

addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'p') {
    event.preventDefault();
    bell.ring('print');
    return;
  }
  const typing = event.target.closest('input, select, textarea') || document.querySelector('dialog[open]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const number = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
  const act = number ? here((index) => take(index, number)) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/** Takes a choice, where there is one of that number. */
function take(index, number) {
  const offered = current()?.choices;
  if (offered && !offered[number - 1]?.acts) return;
  decide(index, { verdict: 'accept', choice: number });
}
