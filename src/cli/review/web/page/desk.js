// What the page knows: the texts, the state of each suggestion, where the reviewer is.

import { get, post, listen } from './api.js';
import { Bell } from './dom.js';
import { t } from './words.js';

export const bell = new Bell();

/** The desk. Suggestions are known by index, blocks by number, in the order of the texts. */
export const desk = {
  files: [],
  characters: [],
  rules: [],
  reviewers: [],
  /** First suggestion of each block, and one past the last. */
  firstOf: new Int32Array(1),
  /** A letter for each suggestion: o, a, r, e, q or c. */
  states: [],
  /** The suggestions listed, or null for all. */
  queue: null,
  filters: {},
  current: -1,
  view: 'marked',
  reviewer: '',
  people: [],
  /** Suggestions whose decision is on its way to the disk. */
  pending: new Set(),
  found: { words: '', blocks: [] },
};

const LETTER = { accept: 'a', reject: 'r', replace: 'e', query: 'q' };

/** Reads everything, and goes where the reviewer was. */
export async function open() {
  const answer = await get('/api/desk');
  Object.assign(desk, {
    files: answer.files,
    characters: answer.characters,
    rules: answer.rules,
    reviewers: answer.reviewers,
    states: [...answer.states],
    name: answer.reviewer,
  });
  desk.firstOf = new Int32Array(answer.counts.length + 1);
  answer.counts.forEach((count, at) => (desk.firstOf[at + 1] = desk.firstOf[at] + count));
  const open = desk.states.findIndex((state) => state === 'o' || state === 'c');
  const last = Number(sessionStorage.getItem('kanwu.current') ?? -1);
  desk.current = last >= 0 && last < desk.states.length ? last : Math.max(open, desk.states.length ? 0 : -1);
}

/** Number of the block in which a suggestion stands. */
export function blockOf(index) {
  let [low, high] = [0, desk.firstOf.length - 1];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (desk.firstOf[middle] <= index) low = middle;
    else high = middle;
  }
  return low;
}

/** Number of the file of a suggestion. */
export function fileOf(index) {
  return desk.files.findIndex((file) => index >= file.first && index < file.first + file.count);
}

export const listed = () => (desk.queue ? desk.queue.length : desk.states.length);
export const listedAt = (place) => (desk.queue ? desk.queue[place] : place);

/** Place of a suggestion in the list; of one not listed, where it would stand. */
export function placeOf(index) {
  if (!desk.queue) return index;
  let [low, high] = [0, desk.queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (desk.queue[middle] < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Goes to a suggestion. */
export function choose(index, how = {}) {
  if (index === undefined || index < 0 || index >= desk.states.length) return;
  desk.current = index;
  sessionStorage.setItem('kanwu.current', String(index));
  bell.ring('current', how);
}

/** Goes so many places on in the list. */
export function step(by) {
  if (!listed()) return;
  const at = placeOf(desk.current);
  const on = listedAt(at) !== desk.current && by > 0 ? by - 1 : by;
  choose(listedAt(Math.min(Math.max(at + on, 0), listed() - 1)));
}

const isOpen = (index) => desk.states[index] === 'o' || desk.states[index] === 'c';

/** Goes to the next undecided suggestion of the list, from the beginning where there is none. */
export function stepOpen() {
  const [all, at] = [listed(), placeOf(desk.current)];
  for (let on = 1; on <= all; on += 1) {
    const index = listedAt((at + on) % all);
    if (isOpen(index)) return choose(index);
  }
  if (all) bell.ring('say', t('allDone'));
}

/** Goes to the first suggestion of the next file that has one in the list. */
export function stepFile() {
  const file = fileOf(desk.current);
  const next = [...desk.files.slice(file + 1), ...desk.files.slice(0, file + 1)].find((other) => {
    const place = placeOf(other.first);
    return place < listed() && listedAt(place) < other.first + other.count;
  });
  if (next) choose(listedAt(placeOf(next.first)));
}

/** Takes in new states. */
export function take(changes) {
  if (!changes.states) return resync();
  for (const [index, state] of changes.states) desk.states[index] = state;
  bell.ring('states', changes.states.map(([index]) => index));
}

/** Reads all states again, and shows what has changed. */
export async function resync() {
  const states = [...(await get('/api/states'))];
  const changed = [];
  states.forEach((state, index) => {
    if (state !== desk.states[index] && !desk.pending.has(index)) {
      desk.states[index] = state;
      changed.push(index);
    }
  });
  if (changed.length) bell.ring('states', changed);
}

/**
 * Decides on a suggestion. It is shown as decided at once, faint until it is on the disk; where it
 * cannot be written it is open again and that is said.
 */
export async function decide(index, verdict, { all = false, except = [], settles = false, stay = false } = {}) {
  if (index < 0 || desk.pending.has(index)) return;
  const before = desk.states[index];
  desk.pending.add(index);
  desk.states[index] = LETTER[verdict.verdict];
  bell.ring('guessed', index);
  if (!stay) stepOpen();
  try {
    const { reviewer, view } = desk;
    const body = { reviewer, index, verdict, all, except, settles: settles || undefined, view };
    const answer = await post('/api/decide', body);
    desk.pending.delete(index);
    if (answer.block) bell.ring('block', answer.block);
    take(answer.changes);
    const count = answer.changes.count;
    bell.ring('say', count > 1 ? t('manyDecided', count) : t(`state_${desk.states[index]}`));
  } catch (error) {
    desk.pending.delete(index);
    desk.states[index] = before;
    bell.ring('states', [index]);
    fail(error);
  }
}

/** Always allows the wrong text of a suggestion. */
export async function allow(index) {
  try {
    const answer = await post('/api/allow', { reviewer: desk.reviewer, index, view: desk.view });
    take(answer.changes);
    bell.ring('say', t('manyDecided', answer.changes.count));
    stepOpen();
  } catch (error) {
    fail(error);
  }
}

/** Takes back what the reviewer decided last, and goes there. */
export async function undo() {
  try {
    const { changes } = await post('/api/undo', { reviewer: desk.reviewer });
    bell.ring('say', changes.count ? t('undone', changes.count) : t('undoNone'));
    if (!changes.count) return;
    await take(changes);
    if (changes.states) choose(changes.states[0][0]);
  } catch (error) {
    fail(error);
  }
}

/** Lists the suggestions that filters let through. */
export async function filter(filters) {
  desk.filters = filters;
  const any = Object.values(filters).some((value) => value !== '');
  desk.queue = any ? Int32Array.from(await get('/api/queue', filters)) : null;
  bell.ring('queue');
  if (listed() && listedAt(placeOf(desk.current)) !== desk.current) {
    choose(listedAt(Math.min(placeOf(desk.current), listed() - 1)));
  }
}

export function show(view) {
  desk.view = view;
  bell.ring('view');
}

/** Tells that something was not saved. */
export function fail(error) {
  if (error.status === 401) bell.ring('locked');
  bell.ring('alarm', t('failed', error.message || t('gone')));
}

let line;

/** Hears what others decide. */
export function connect() {
  line?.close();
  line = listen(
    desk.reviewer,
    (name, data) => {
      if (name === 'people') {
        desk.people = data;
        bell.ring('people');
      } else if (name === 'behind') {
        resync();
      } else if (data.by !== desk.reviewer) {
        take(data);
        bell.ring('say', t('otherDecided', data.by || t('somebody'), data.count));
        if (data.by && !desk.reviewers.includes(data.by)) desk.reviewers.push(data.by);
      } else if ((data.states ?? []).every(([index]) => !desk.pending.has(index))) {
        // The same reviewer at another window.
        take(data);
      }
    },
    async (connected) => {
      bell.ring('connected', connected);
      // A server that was started again knows no more of this page.
      await resync().catch((error) => error.status === 401 && bell.ring('locked'));
    },
  );
}
