// What really changes between the wrong text and the right one.

/** What stays before, what goes, what comes, and what stays behind. */
export function change(wrong, right) {
  const [old, fresh] = [[...wrong], [...right]];
  const shorter = Math.min(old.length, fresh.length);
  let [start, end] = [0, 0];
  while (start < shorter && old[start] === fresh[start]) start += 1;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const middle = (characters) => characters.slice(start, characters.length - end).join('');
  return {
    head: old.slice(0, start).join(''),
    gone: middle(old),
    come: middle(fresh),
    tail: old.slice(old.length - end).join(''),
  };
}
