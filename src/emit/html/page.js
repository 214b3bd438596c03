"use strict";
// The review page: the texts of a run with their suggestions, and decisions on them.
//
// data: what kanwu found.  verdicts: what was decided, by suggestion id.
// Everything shown is made with textContent: no text of a page is ever read as HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const { files, suggestions, rules, weights } = data;
const verdicts = new Map();
const history = [];
let current = -1;
let view = "inline";
let language = data.language;

const WORDS = {
  zh: {
    title: "勘误", inline: "合并", side: "对照", export: "导出决定", view: "视图", theme: "明暗", help: "帮助",
    byRule: "各规则建议数（绿色为已定）", file: "文件", rule: "规则", level: "级别", state: "状态",
    reviewer: "审校人", onlyMarked: "只看有建议的段落", keys: "按键", close: "关闭", skip: "跳到当前建议",
    progress: "进度", overview: "概览", filters: "筛选", detail: "当前建议", all: "全部", open: "未定",
    accept: "采纳", reject: "不改", query: "存疑", replace: "自拟", edit: "自拟", undo: "撤销", ok: "确定",
    ownText: "改为……", deleted: "（删去）", asks: "请核对，没有建议改法", original: "原文", corrected: "改后",
    found: "建议", decided: "已定", rate: "差错率 /万字", same: "处相同", acceptAll: "全部采纳", rejectAll: "全部不改",
    exported: "已导出 {n} 条决定", nothing: "没有可导出的决定", none: "没有符合筛选条件的建议",
    done: "全部看完，请导出决定", auto: "自动", review: "待审", hint: "提示", line: "第{n}行", limit: "合格线 {n}",
    howToApply: "导出的文件交给 kanwu（建议须先用 check --save 存下）：",
    likely: "建议只是疑似差错；差错率把未定的建议当作差错，未提示之处也可能有错。",
    keyNames: ["下一条、上一条", "采纳首选", "采纳第几个", "不改", "存疑", "自拟改法", "撤销", "相同的全部采纳、全部不改", "对照、合并", "帮助"],
  },
  en: {
    title: "Review", inline: "Inline", side: "Side by side", export: "Export decisions", view: "View", theme: "Light or dark",
    help: "Help", byRule: "Suggestions by rule (green: decided)", file: "File", rule: "Rule", level: "Level", state: "State",
    reviewer: "Reviewer", onlyMarked: "Only paragraphs with suggestions", keys: "Keys", close: "Close", skip: "Skip to the suggestion",
    progress: "Progress", overview: "Overview", filters: "Filters", detail: "Suggestion", all: "all", open: "open",
    accept: "Accept", reject: "Reject", query: "Query", replace: "Own text", edit: "Own text", undo: "Undo", ok: "OK",
    ownText: "change to …", deleted: "(delete)", asks: "please check; nothing is proposed", original: "As it is", corrected: "As corrected",
    found: "suggestions", decided: "decided", rate: "errors per 10,000", same: "places alike", acceptAll: "accept all", rejectAll: "reject all",
    exported: "{n} decisions exported", nothing: "There are no decisions yet", none: "No suggestion passes the filters",
    done: "All are decided; export the decisions", auto: "auto", review: "review", hint: "hint", line: "line {n}", limit: "limit {n}",
    howToApply: "Give the exported file to kanwu (save the suggestions first, with check --save):",
    likely: "Suggestions are only likely errors. The error rate takes each open one for an error, and kanwu does not find all there are.",
    keyNames: ["next, previous", "accept the best", "accept this choice", "reject", "query", "own text", "undo", "accept, reject all alike", "side by side, inline", "help"],
  },
};
const KEYS = [["j", "k"], ["a"], ["1", "…", "9"], ["r"], ["q"], ["e"], ["u"], ["A", "R"], ["v"], ["?"]];

const byId = (id) => document.getElementById(id);
const say = (key, n) => WORDS[language][key].replace("{n}", n);

// An element with a class and children, which are elements or texts.
function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

function button(className, onClick, ...children) {
  const element = make("button", className, ...children);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

// Characters that cannot be seen, shown; line ends as well where they are taken away or put in.
function visible(text, lineEnds) {
  const shown = text.replace(/\r/g, "").replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\ufffb]/g,
    (c) => `<U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
  return lineEnds ? shown.replace(/\n+/g, "↵") : shown;
}

// ---- From verdicts to text ----

// The edits in force for a suggestion: of the choice that was accepted, or that is best while
// nobody has decided; [from, to, new] or, for a move, [from, to, null, target], within its chunk.
function editsOf(suggestion) {
  const verdict = verdicts.get(suggestion.id);
  if (verdict?.verdict === "reject" || verdict?.verdict === "query") return [];
  if (verdict?.verdict === "replace") return [[suggestion.from, suggestion.to, verdict.text]];
  return suggestion.choices[(verdict?.choice ?? 1) - 1]?.edits ?? [];
}

// Two spans that share a character, or an insertion strictly inside the other, or at one place.
function overlap(a, b) {
  if (a[0] === a[1] || b[0] === b[1]) {
    return (a[0] === b[0] && a[1] === b[1]) || (a[0] < b[0] && b[1] < a[1]) || (b[0] < a[0] && a[1] < b[1]);
  }
  return a[0] < b[1] && b[0] < a[1];
}

const holds = (outer, inner) => outer[0] <= inner[0] && inner[1] <= outer[1];

// What becomes of a chunk: replacements and moves that fit together, as `kanwu apply` takes them,
// and the suggestions that only ask.
function planOf(chunk) {
  const plan = { replacements: [], moves: [], asked: [] };
  for (const index of chunk.suggestions) {
    const edits = editsOf(suggestions[index]);
    const known = (edit) => plan.replacements.some((other) => [0, 1, 2].every((part) => other[part] === edit[part]));
    const fits = edits.every((edit) => {
      if (edit[3] === undefined && known(edit)) return true;
      const clash = plan.replacements.some((other) => overlap(other, edit) && !(edit[3] !== undefined && holds(edit, other)));
      const straddles = plan.moves.some((move) => overlap(move, edit) && (edit[3] !== undefined || !holds(move, edit)));
      const target = edit[3] !== undefined && plan.moves.some((move) => move[0] < edit[3] && edit[3] < move[1]);
      return !clash && !straddles && !target;
    });
    if (!fits || edits.length === 0) {
      plan.asked.push([suggestions[index].from, suggestions[index].to, index]);
      continue;
    }
    for (const [from, to, text, target] of edits) {
      if (target !== undefined) plan.moves.push([from, to, target, index]);
      else if (!known([from, to, text])) plan.replacements.push([from, to, text, index]);
    }
  }
  const inOrder = (a, b) => a[0] - b[0] || a[1] - b[1];
  plan.replacements.sort(inOrder);
  plan.moves.sort(inOrder);
  plan.asked.sort(inOrder);
  return plan;
}

// The runs of a chunk: { text, mark: kept|gone|new|asked, index, moved }. As corrected, moved text
// stands where it goes; as it is, where it comes from.
function runsOf(chunk, corrected) {
  const plan = planOf(chunk);
  const runs = [];
  const push = (text, mark, index, moved) => {
    if (text) runs.push({ text, mark, index, moved });
  };
  const keep = (from, to, moved) => {
    let at = from;
    for (const [start, end, index] of plan.asked) {
      if (start >= to || (end <= at && start !== end)) continue;
      const [first, last] = [Math.max(start, at), Math.min(end, to)];
      if (first >= last) continue;
      push(chunk.text.slice(at, first), "kept", -1, moved);
      push(chunk.text.slice(first, last), "asked", index, moved);
      at = last;
    }
    push(chunk.text.slice(at, to), "kept", -1, moved);
  };
  // An insertion at an edge belongs to the range that ends there.
  const range = (from, to, moved) => {
    let at = from;
    for (const [start, end, text, index] of plan.replacements) {
      const atLeftEdge = start === end && start === from && from > 0;
      if (start < at || end > to || atLeftEdge || (start !== end && start === to)) continue;
      keep(at, start, moved);
      push(chunk.text.slice(start, end), "gone", index, moved);
      push(text, "new", index, moved);
      at = end;
    }
    keep(at, to, moved);
  };
  const targets = plan.moves.map(([from, to, target, index]) => [target, from, to, index]).sort((a, b) => a[0] - b[0]);
  const moves = [...plan.moves];
  let at = 0;
  for (;;) {
    const target = corrected ? targets[0]?.[0] ?? Infinity : Infinity;
    const move = moves[0]?.[0] ?? Infinity;
    if (target <= move && target !== Infinity) {
      const [, from, to, index] = targets.shift();
      if (target > at) range(at, target, -1);
      at = Math.max(at, target);
      range(from, to, index);
    } else if (move !== Infinity) {
      const [from, to, , index] = moves.shift();
      range(at, from, -1);
      if (!corrected) range(from, to, index);
      at = to;
    } else {
      range(at, chunk.text.length, -1);
      return runs;
    }
  }
}

// ---- The text column ----

function showChunk(chunk) {
  const row = make("div", "chunk", make("span", "number", String(chunk.line)));
  if (view === "side") {
    row.append(paragraph(chunk, runsOf(chunk, false), ["kept", "gone", "asked"]));
    row.append(paragraph(chunk, runsOf(chunk, true), ["kept", "new", "asked"]));
  } else {
    row.append(paragraph(chunk, runsOf(chunk, true), ["kept", "gone", "new", "asked"]));
  }
  chunk.element?.replaceWith(row);
  chunk.element = row;
}

function paragraph(chunk, runs, marks) {
  const shown = runs.filter((run) => marks.includes(run.mark));
  // The line end of the last line of a chunk is no part of what is read.
  const last = shown[shown.length - 1];
  if (last?.mark === "kept") last.text = last.text.replace(/[\r\n]+$/, "");
  return make("p", "", ...shown.map((run) => {
    const index = run.index >= 0 ? run.index : run.moved;
    if (index < 0) return document.createTextNode(visible(run.text, false));
    const name = { gone: "del", new: "ins" }[run.mark] ?? "span";
    const element = make(name, "run", visible(run.text, run.mark !== "kept"));
    if (run.mark === "asked") element.classList.add("asked");
    if (run.moved >= 0) element.classList.add("moved");
    const verdict = verdicts.get(suggestions[index].id);
    if (verdict) element.classList.add(verdict.verdict);
    if (verdict?.verdict === "reject") element.classList.remove("asked");
    element.classList.toggle("outside", !passes(suggestions[index]));
    element.classList.toggle("current", index === current);
    element.dataset.suggestion = index;
    return element;
  }));
}

function showTexts() {
  const onlyMarked = byId("only-marked").checked;
  const chosen = byId("filter-file").value;
  const texts = byId("texts");
  texts.className = `texts ${view}`;
  texts.replaceChildren(...files.flatMap((file, number) => {
    for (const chunk of file.chunks) chunk.element = null;
    if (chosen !== "" && Number(chosen) !== number) return [];
    const chunks = file.chunks.filter((chunk) => !onlyMarked || chunk.suggestions.length > 0);
    for (const chunk of chunks) showChunk(chunk);
    const names = make("div", "column-names", make("span"), make("span", "", say("original")), make("span", "", say("corrected")));
    return [make("section", "file", make("h2", "", visible(file.name, true)), names, ...chunks.map((chunk) => chunk.element))];
  }));
}

// ---- Filters ----

function stateOf(suggestion) {
  return verdicts.get(suggestion.id)?.verdict ?? "open";
}

function passes(suggestion) {
  const is = (id, value) => byId(id).value === "" || byId(id).value === String(value);
  return is("filter-file", suggestion.file) && is("filter-rule", suggestion.rule)
    && is("filter-level", suggestion.level) && is("filter-state", stateOf(suggestion));
}

function options(id, values) {
  const select = byId(id);
  const chosen = select.value;
  select.replaceChildren(...[["", say("all")], ...values].map(([value, text]) => {
    const option = make("option", "", text);
    option.value = value;
    return option;
  }));
  select.value = chosen;
}

function showFilters() {
  const counts = new Map();
  for (const { rule } of suggestions) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  byId("filter-file").closest("label").hidden = files.length < 2;
  options("filter-file", files.map((file, number) => [String(number), visible(file.name, true)]));
  options("filter-rule", [...counts.keys()].sort().map((id) => [id, `${id} ${ruleName(id)}`]));
  options("filter-level", ["auto", "review", "hint"].filter((level) => suggestions.some((s) => s.level === level)).map((level) => [level, say(level)]));
  options("filter-state", ["open", "accept", "reject", "replace", "query"].map((state) => [state, say(state)]));
}

// ---- Figures ----

const ruleName = (id) => rules[id]?.name[language] ?? "";

// Errors as the regulation counts them: the same slip and the same rule have bounds.
function errors(counted) {
  const same = new Map();
  for (const s of counted) {
    const slip = JSON.stringify([s.rule, s.wrong, s.choices[0]?.right, s.weight]);
    same.set(slip, { rule: s.rule, weight: s.weight, count: (same.get(slip)?.count ?? 0) + 1 });
  }
  const sums = new Map();
  for (const { rule, weight, count } of same.values()) {
    const times = Math.min(count, weights.rules[rule]?.times ?? Infinity);
    sums.set(rule, (sums.get(rule) ?? 0) + weight * times);
  }
  let sum = 0;
  for (const [rule, errors] of sums) sum += Math.min(errors, weights.rules[rule]?.most ?? Infinity);
  return sum;
}

function showFigures() {
  const decided = suggestions.filter((s) => verdicts.has(s.id));
  const [all, done] = [suggestions.length, decided.length];
  byId("progress-fill").style.setProperty("width", `${all ? (100 * done) / all : 100}%`);
  byId("progress").setAttribute("aria-valuemax", all);
  byId("progress").setAttribute("aria-valuenow", done);
  byId("progress-text").value = `${done} / ${all}`;
  const counted = suggestions.filter((s) => s.level !== "hint");
  const open = counted.filter((s) => ["open", "query"].includes(stateOf(s)));
  const rate = (list) => (errors(list) * 10000) / Math.max(data.characters, 1);
  const [before, after] = [rate(counted), rate(open)];
  const tile = (figure, text, className = "") => make("div", `tile ${className}`, make("strong", "", figure), make("span", "", text));
  const figure = before === after ? before.toFixed(2) : `${before.toFixed(2)} → ${after.toFixed(2)}`;
  byId("tiles").replaceChildren(
    tile(String(all), say("found")),
    tile(String(done), say("decided")),
    tile(figure, `${say("rate")} · ${say("limit", weights.limit)}`, after > weights.limit ? "over" : "under"),
  );
  const ids = [...new Set(suggestions.map((s) => s.rule))];
  const bars = ids.map((id) => {
    const own = suggestions.filter((s) => s.rule === id);
    return { id, count: own.length, done: own.filter((s) => verdicts.has(s.id)).length };
  }).sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  byId("chart").replaceChildren(...bars.map((bar) => {
    const part = (count) => {
      const b = make("b");
      b.style.setProperty("width", `${(100 * count) / most}%`);
      return b;
    };
    const row = button("", () => filterRule(bar.id), make("span", "", `${bar.id} ${ruleName(bar.id)}`),
      make("i", "", part(bar.count - bar.done), part(bar.done)), make("em", "", String(bar.count)));
    row.setAttribute("aria-pressed", byId("filter-rule").value === bar.id);
    return row;
  }));
}

function filterRule(id) {
  const select = byId("filter-rule");
  select.value = select.value === id ? "" : id;
  refilter();
}

// ---- The suggestion in hand ----

function showDetail() {
  const detail = byId("detail");
  const suggestion = suggestions[current];
  if (!suggestion) {
    const all = suggestions.length > 0 && verdicts.size === suggestions.length;
    detail.replaceChildren(make("p", "empty", say(all ? "done" : "none")));
    return;
  }
  const verdict = verdicts.get(suggestion.id);
  const badge = (text, className = "") => make("span", `badge ${className}`, text);
  const percent = (share) => `${Math.floor(share * 100)}%`;
  const choices = suggestion.choices.map((choice, number) => {
    const right = choice.right === "" ? say("deleted") : visible(choice.right, true);
    const row = button("", () => decide({ verdict: "accept", choice: number + 1 }),
      make("kbd", "", String(number + 1)), make("span", "right", right), make("span", "share", percent(choice.confidence)));
    row.setAttribute("aria-pressed", verdict?.verdict === "accept" && verdict.choice === number + 1);
    row.disabled = choice.edits.length === 0;
    return make("li", "", row);
  });
  const evidence = suggestion.evidence.map((e) => {
    const place = e.line ? `${say("line", e.line)} ` : "";
    return make("li", "", place + visible(e[language], true));
  });
  const key = (name, letter, className, action) => button(className, action, say(name), make("kbd", "", letter));
  const accept = key("accept", "a", "accept", () => decide({ verdict: "accept", choice: 1 }));
  accept.disabled = !(suggestion.choices[0]?.edits.length > 0);
  const undoing = key("undo", "u", "", undo);
  undoing.disabled = history.length === 0;
  const alike = sameSlip(suggestion);
  const state = verdict?.verdict === "replace" ? `${say("replace")}：${verdict.text}` : say(stateOf(suggestion));
  detail.replaceChildren(...[
    make("div", "place", make("span", "", suggestion.place[language]), make("span", "", `${current + 1} / ${suggestions.length}`)),
    make("h2", "", `${suggestion.rule} ${ruleName(suggestion.rule)}`),
    make("div", "badges", badge(say(suggestion.level)), badge(percent(suggestion.confidence)), verdict ? badge(visible(state, true), "verdict") : null),
    make("p", "wrong", visible(suggestion.wrong, true)),
    choices.length ? make("ol", "choices", ...choices) : make("p", "note", say("asks")),
    make("p", "reason", visible(suggestion.message[language], true)),
    evidence.length ? make("ul", "evidence", ...evidence) : null,
    make("p", "manual", rules[suggestion.rule]?.summary[language] ?? ""),
    make("div", "verdicts", accept,
      key("reject", "r", "", () => decide({ verdict: "reject" })), key("query", "q", "", () => decide({ verdict: "query" })),
      key("edit", "e", "", editOwn), undoing),
    alike.length > 1 ? make("p", "same", `${alike.length} ${say("same")}`,
      button("", () => decideAll("accept"), say("acceptAll")), button("", () => decideAll("reject"), say("rejectAll"))) : null,
  ].filter((part) => part !== null));
}

function editOwn() {
  const suggestion = suggestions[current];
  const detail = byId("detail");
  if (!suggestion || detail.querySelector(".own")) return;
  const input = make("input");
  input.value = verdicts.get(suggestion.id)?.text ?? suggestion.wrong;
  input.setAttribute("aria-label", say("ownText"));
  const accept = () => decide({ verdict: "replace", text: input.value });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") accept();
    if (event.key === "Escape") showDetail();
  });
  detail.querySelector(".verdicts").after(make("div", "own", input, button("main", accept, say("ok"))));
  input.focus();
  input.select();
}

// ---- Deciding ----

function sameSlip(suggestion) {
  const slip = (s) => JSON.stringify([s.rule, s.wrong, s.choices[0]?.right ?? null]);
  return suggestions.filter((other) => slip(other) === slip(suggestion));
}

function decide(verdict) {
  const suggestion = suggestions[current];
  if (!suggestion) return;
  if (verdict.verdict === "accept" && !(suggestion.choices[verdict.choice - 1]?.edits.length > 0)) return;
  record([suggestion], verdict);
  goTo(next(1, (s) => !verdicts.has(s.id) && passes(s)) ?? next(-1, (s) => !verdicts.has(s.id) && passes(s)) ?? current);
}

// The same verdict on every open place of the slip in hand.
function decideAll(name) {
  const suggestion = suggestions[current];
  if (!suggestion || (name === "accept" && !(suggestion.choices[0]?.edits.length > 0))) return;
  const open = sameSlip(suggestion).filter((s) => s === suggestion || !verdicts.has(s.id));
  record(open, name === "accept" ? { verdict: name, choice: 1, scope: "all" } : { verdict: name, scope: "all" });
  goTo(next(1, (s) => !verdicts.has(s.id) && passes(s)) ?? current);
}

function record(decided, verdict) {
  const at = new Date().toISOString();
  history.push(decided.map((s) => [s.id, verdicts.get(s.id)]));
  for (const s of decided) verdicts.set(s.id, { ...verdict, at });
  redraw(decided);
}

function undo() {
  const stroke = history.pop();
  if (!stroke) return;
  for (const [id, before] of stroke) {
    if (before) verdicts.set(id, before);
    else verdicts.delete(id);
  }
  const ids = stroke.map(([id]) => id);
  const undone = suggestions.filter((s) => ids.includes(s.id));
  redraw(undone);
  goTo(suggestions.indexOf(undone[0]));
}

function redraw(changed) {
  keep();
  for (const chunk of new Set(changed.map((s) => files[s.file].chunks[s.chunk]))) {
    if (chunk.element) showChunk(chunk);
  }
  showFigures();
  showDetail();
}

// ---- Moving about ----

// The index of the next suggestion from the one in hand that is wanted, in steps of 1 or -1.
function next(step, wanted) {
  for (let index = current + step; index >= 0 && index < suggestions.length; index += step) {
    if (wanted(suggestions[index])) return index;
  }
  return undefined;
}

function goTo(index, scrolls = true) {
  if (index === undefined) return;
  const before = suggestions[current];
  current = index;
  for (const s of [before, suggestions[index]]) {
    const chunk = s && files[s.file].chunks[s.chunk];
    if (chunk?.element) showChunk(chunk);
  }
  showDetail();
  const run = byId("texts").querySelector(`[data-suggestion="${index}"]`);
  if (!run || !scrolls) return;
  const box = run.getBoundingClientRect();
  const sheet = byId("detail").getBoundingClientRect();
  const bottom = sheet.width > innerWidth * 0.8 ? sheet.top : innerHeight;
  if (box.top < 110 || box.bottom > bottom - 40) {
    scrollBy({ top: box.top - Math.max(120, bottom * 0.35), behavior: "smooth" });
  }
}

function refilter() {
  showTexts();
  showFigures();
  if (!suggestions[current] || !passes(suggestions[current])) {
    const first = suggestions.findIndex(passes);
    goTo(first);
  } else {
    showDetail();
  }
}

// ---- Keeping and handing on ----

// A page that is closed by mistake has lost nothing, where the browser lets a file keep anything.
const STORE = `kanwu ${data.key}`;
let handedOn = true;

function keep() {
  handedOn = verdicts.size === 0;
  try {
    localStorage.setItem(STORE, JSON.stringify([...verdicts]));
    localStorage.setItem("kanwu reviewer", byId("reviewer").value);
  } catch { /* The decisions are still in the page, and leaving it asks first. */ }
}

function restore() {
  try {
    const known = new Set(suggestions.map((s) => s.id));
    for (const [id, verdict] of JSON.parse(localStorage.getItem(STORE) ?? "[]")) {
      if (known.has(id)) verdicts.set(id, verdict);
    }
    byId("reviewer").value = localStorage.getItem("kanwu reviewer") ?? "";
  } catch { /* Nothing was kept. */ }
}

// The decisions as lines of JSON, which `kanwu apply --decisions` takes.
function decisionLines() {
  const reviewer = byId("reviewer").value.trim();
  return suggestions.filter((s) => verdicts.has(s.id)).map((s) => {
    const { at, ...verdict } = verdicts.get(s.id);
    const right = verdict.verdict === "replace" ? verdict.text : s.choices[(verdict.choice ?? 1) - 1]?.right;
    const line = { id: s.id, ...verdict, at, file: files[s.file].name, rule: s.rule, wrong: s.wrong };
    if (right !== undefined) line.right = right;
    if (reviewer) line.reviewer = reviewer;
    return `${JSON.stringify(line)}\n`;
  }).join("");
}

function exportDecisions() {
  if (verdicts.size === 0) return toast(say("nothing"));
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([decisionLines()], { type: "application/jsonl" }));
  link.download = "decisions.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  handedOn = true;
  return toast(say("exported", verdicts.size));
}

function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("shown");
  setTimeout(() => element.classList.remove("shown"), 2600);
}

// ---- The page itself ----

function showAll() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = say(element.dataset.label);
  }
  byId("language").textContent = language === "zh" ? "EN" : "中文";
  byId("view-inline").setAttribute("aria-pressed", view === "inline");
  byId("view-side").setAttribute("aria-pressed", view === "side");
  byId("key-list").replaceChildren(...KEYS.flatMap((keys, number) => [
    make("dt", "", ...keys.map((key) => make("kbd", "", key))), make("dd", "", WORDS[language].keyNames[number]),
  ]));
  showFilters();
  showTexts();
  showFigures();
  showDetail();
}

function setView(name) {
  view = name;
  showAll();
  goTo(current);
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
}

const ACTIONS = {
  j: () => goTo(next(1, passes)),
  ArrowDown: () => goTo(next(1, passes)),
  k: () => goTo(next(-1, passes)),
  ArrowUp: () => goTo(next(-1, passes)),
  a: () => decide({ verdict: "accept", choice: 1 }),
  r: () => decide({ verdict: "reject" }),
  q: () => decide({ verdict: "query" }),
  e: editOwn,
  u: undo,
  A: () => decideAll("accept"),
  R: () => decideAll("reject"),
  v: () => setView(view === "side" ? "inline" : "side"),
  "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const action = /^[1-9]$/.test(event.key)
    ? () => decide({ verdict: "accept", choice: Number(event.key) })
    : ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

byId("texts").addEventListener("click", (event) => {
  const run = event.target.closest("[data-suggestion]");
  if (run) goTo(Number(run.dataset.suggestion));
});
byId("view-inline").addEventListener("click", () => setView("inline"));
byId("view-side").addEventListener("click", () => setView("side"));
byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  showAll();
});
byId("theme").addEventListener("click", () => {
  setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
});
byId("help-button").addEventListener("click", () => byId("help").showModal());
byId("export").addEventListener("click", exportDecisions);
byId("reviewer").addEventListener("change", keep);
byId("filters").addEventListener("change", (event) => {
  if (event.target.id !== "reviewer") refilter();
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeunload", (event) => {
  if (!handedOn) event.preventDefault();
});

setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
restore();
showAll();
// Where the screen is small the text comes first, and where nothing is decided yet the figures.
document.querySelector(".chart").open = innerWidth > 860;
goTo(suggestions.findIndex((s) => !verdicts.has(s.id)), verdicts.size > 0);
