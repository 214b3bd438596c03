// Questions to the server, and news from it.

/** An answer that is none: its status, and what the server says. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...options });
  } catch {
    throw new Refused(0, '');
  }
  if (answer.ok) return answer.json();
  const said = await answer.text();
  let message = said;
  try {
    message = JSON.parse(said).error;
  } catch {
    // It is no JSON: it is shown as it is.
  }
  throw new Refused(answer.status, message);
}

/** Reads; of `query` what is empty is left out. */
export function get(path, query = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  const words = new URLSearchParams(asked).toString();
  return ask(words ? `${path}?${words}` : path);
}

/** Says something; it is on the disk when the promise is kept. */
export function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Listens to the news: `heard(name, data)`, and `found(connected)` when the line opens or breaks. */
export function listen(reviewer, heard, found) {
  const line = new EventSource(`/api/events?${new URLSearchParams({ reviewer })}`);
  line.onopen = () => found(true);
  line.onerror = () => found(false);
  for (const name of ['decided', 'people', 'behind']) {
    line.addEventListener(name, (news) => heard(name, JSON.parse(news.data)));
  }
  return line;
}
