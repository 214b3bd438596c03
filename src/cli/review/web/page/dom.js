// Elements without HTML: whatever a text says, it is shown as text.

/** Makes an element. `props` are attributes; `on…` are listeners, `class` and `data-…` as in HTML. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);

/** Runs `work` when it has not been asked for again for `wait` milliseconds. */
export function settled(wait, work) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}

/** Runs `work` once before the next frame, however often it is asked for. */
export function framed(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/** Something others can hear of. */
export class Bell {
  #ears = new Map();
  on(name, ear) {
    this.#ears.set(name, [...(this.#ears.get(name) ?? []), ear]);
  }
  ring(name, ...what) {
    for (const ear of this.#ears.get(name) ?? []) ear(...what);
  }
}

/** Numbers whose sums up to a place are asked for, and which change one by one (a Fenwick tree). */
export class Sums {
  constructor(values) {
    this.values = Float64Array.from(values);
    this.tree = new Float64Array(values.length + 1);
    values.forEach((value, at) => this.#add(at, value));
  }
  #add(at, change) {
    for (let i = at + 1; i < this.tree.length; i += i & -i) this.tree[i] += change;
  }
  set(at, value) {
    this.#add(at, value - this.values[at]);
    this.values[at] = value;
  }
  /** The sum of the first `count` numbers. */
  before(count) {
    let sum = 0;
    for (let i = count; i > 0; i -= i & -i) sum += this.tree[i];
    return sum;
  }
  /** The place whose number reaches over `sum`. */
  at(sum) {
    let place = 0;
    let step = 1;
    while (step * 2 < this.tree.length) step *= 2;
    for (; step > 0; step >>= 1) {
      if (place + step < this.tree.length && this.tree[place + step] <= sum) {
        place += step;
        sum -= this.tree[place];
      }
    }
    return Math.min(place, this.values.length - 1);
  }
  get total() {
    return this.before(this.values.length);
  }
}
