// A batch reviewed through the page as a careful person would: sheet by sheet, then head by head; accepts only what is right
// and mends the rest. Prints what it cost, and holds every entry against what was rendered.
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HERE, browser, hold, open, run, serve, settled, shown } from "./page.js";

const full = process.argv.includes("--full");
const COUNT = full ? 1500 : 150;
/** Farthest that a head may lie from where it was rendered, in radii. */
const NEAR = 0.3;
const DIGITS = 9;
/** Most keys, clicks and typed characters a head, together. */
const MOST_COST = 1.0;
const LEAST_PURITY = 0.99;

const folder = process.env.BATCH ?? (await mkdtemp(join(tmpdir(), "headstamp-batch-")));
const [renders, catalogue] = [join(folder, "renders"), join(folder, "a.catalogue")];

// what was rendered and read before is gone on with
const there = (path) => access(path).then(() => true, () => false);
if (!(await there(renders))) await run("synth", "--count", String(COUNT), "--seed", "73", "--subject", "single", "--recurring", "--size", "900x700", "--out", renders, "--quiet");
if (!(await there(catalogue))) await run("add", "--catalogue", catalogue, "--by", "Ada", "--quiet", renders);
const truth = new Map();
for (const line of (await readFile(join(renders, "truth.jsonl"), "utf8")).trim().split("\n")) {
  const { photo, heads } = JSON.parse(line);
  truth.set(photo, heads);
}
/** What was rendered at a place; nothing where no head was. */
const rendered = ({ file, at: [x, y, r] }) =>
  (truth.get(file) ?? []).find(({ ellipse: e }) => Math.hypot(e.cx - x, e.cy - y) < NEAR * e.a && r < 1.5 * e.a && e.a < 1.5 * r);
// as varieties are compared: marks in their order from wherever one begins, and dots do not count
const key = (text) => {
  const elements = text.split("_").map((e) => e.replace(/[•.·\-,'/ ]/g, "").toUpperCase()).filter((e) => e && e !== "[SYMBOL]");
  const turns = elements.map((_, n) => [...elements.slice(n), ...elements.slice(0, n)].join("_"));
  return turns.sort()[0] ?? "";
};
const same = (a, b) => key(a) === key(b);

const cost = { keys: 0, clicks: 0, typed: 0, singly: 0, sheets: 0, onSheets: 0, pure: 0, odd: 0, oddRight: 0 };
const times = [];

const by = await browser();
try {
  const served = await serve(catalogue, "--by", "Ada");
  const begun = Date.now();
  const { page, complaints } = await open(by, served.address);
  const press = async (name, counts = true) => {
    if (counts) cost.keys += 1;
    await page.keyboard.press(name);
  };
  /** Decides, and waits for what comes next. */
  const decide = async (name) => {
    await press(name);
    await settled(page);
  };
  /** Types a headstamp: as many characters as the page needs to complete it, or all of them. */
  const type = async (text, from) => {
    await press("e");
    const start = from ?? "";
    let [same, end] = [0, 0];
    while (same < Math.min(start.length, text.length) && start[same] === text[same]) same += 1;
    while (end < Math.min(start.length, text.length) - same && start.at(-1 - end) === text.at(-1 - end)) end += 1;
    // one click puts the cursor there, what is wrong is typed over
    const [wrong, right] = [start.slice(same, start.length - end), text.slice(same, text.length - end)];
    if (start && right.length + wrong.length + 1 < text.length) {
      cost.clicks += 1;
      await page.locator(`${HERE} form.edit input`).evaluate((input, [a, b]) => input.setSelectionRange(a, b), [same, start.length - end]);
      cost.typed += Math.max(right.length, 1);
      await (right ? page.keyboard.insertText(right) : page.keyboard.press("Delete"));
    } else {
      // as few as it takes until the page offers it
      let typed = 0;
      for (const letter of text) {
        const offers = await page.evaluate(async (begun) => (await (await fetch(`complete?text=${encodeURIComponent(begun)}`)).json()).slice(0, 5), text.slice(0, typed + 1));
        typed += letter.length;
        if (offers.includes(text)) break;
      }
      cost.typed += typed;
      if (typed < text.length) cost.keys += 1;
      await page.locator(`${HERE} form.edit input`).evaluate((input) => input.select());
      await page.keyboard.insertText(text);
    }
    await decide("Enter");
  };

  const sheet = async (there) => {
    const votes = new Map();
    for (const head of there.heads) {
      const text = rendered(head)?.headstamp;
      if (text) votes.set(text, (votes.get(text) ?? 0) + 1);
    }
    const [text, most] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    if (most * 2 <= there.heads.length) return decide("g");
    const right = (head) => same(rendered(head)?.headstamp ?? "", text);
    cost.sheets += 1;
    cost.onSheets += there.heads.length;
    cost.pure += there.heads.filter(right).length;
    cost.odd += there.heads.filter((h) => h.odd).length;
    cost.oddRight += there.heads.filter((h) => h.odd && right(h)).length;
    for (const head of there.heads.filter((h) => !right(h))) {
      cost.clicks += 1;
      await page.click(`${HERE} .one[data-id="${head.id}"]`);
      await page.evaluate(() => document.activeElement.blur());
    }
    if (same(there.headstamp, text)) return decide("Enter");
    const rank = there.ranked.findIndex((r) => same(r, text));
    if (rank > 0 && rank < DIGITS) {
      await press(String(rank + 1));
      return decide("Enter");
    }
    return type(text, there.headstamp);
  };

  const single = async (there) => {
    cost.singly += 1;
    const is = rendered(there);
    if (there.head === "") {
      // a head that was missed: it is read where the person says that it is
      const missed = (truth.get(there.file) ?? [])[0];
      if (!missed) return decide("n");
      if (!missed.legible) return decide("i");
      return clicked(missed);
    }
    if (!is) {
      // it was fitted where no head is
      const missed = (truth.get(there.file) ?? [])[0];
      return missed?.legible ? clicked(missed, "f") : decide("n");
    }
    const rank = there.ranked.findIndex((r) => same(r, is.headstamp));
    if (rank === 0) return decide("Enter");
    if (rank > 0 && rank < DIGITS) return decide(String(rank + 1));
    if (!is.legible) return decide("i");
    return type(is.headstamp, there.ranked[0]);
  };

  /** Clicks the centre of a head, and a point of its rim; it is read at once. */
  const clicked = async ({ ellipse: { cx, cy, a } }, key = "m") => {
    await press(key);
    await page.waitForFunction(() => document.querySelector("#fit img").complete && document.querySelector("#fit svg").viewBox.baseVal.width > 0);
    const rect = await page.evaluate(() => {
      const [svg, { width }] = [document.querySelector("#fit svg").getBoundingClientRect(), document.querySelector("#fit svg").viewBox.baseVal];
      return { left: svg.left, top: svg.top, scale: svg.width / width };
    });
    for (const [x, y] of [[cx, cy], [cx + (cx + a < 890 ? a : -a), cy]]) {
      cost.clicks += 1;
      await page.mouse.click(rect.left + x * rect.scale, rect.top + y * rect.scale);
    }
    await page.waitForFunction(() => !document.querySelector("#fit").open);
    await settled(page);
  };

  const all = async () => {
    for (let there = await shown(page), last = ""; there.kind !== "nothing"; there = await shown(page)) {
      const now = JSON.stringify(there);
      if (now === last) throw new Error(`nothing moves: ${now.slice(0, 400)}; ${await page.textContent("#said")}`);
      last = now;
      await (there.kind === "sheet" ? sheet(there) : single(there));
    }
  };
  await all();
  // then photographs on which no head was found
  cost.clicks += 1;
  await page.click(`${HERE} [data-through=without_heads]`);
  await settled(page);
  await all();
  const wall = (Date.now() - begun) / 1000;
  times.push(...(await page.evaluate(() => performance.getEntriesByName("next").map((e) => e.duration))));

  // every entry against what was rendered
  const lines = (await run("export", "--full", "--format", "jsonl", "--catalogue", catalogue)).trim().split("\n").map((l) => JSON.parse(l));
  const [place, file] = [new Map(), new Map()];
  for (const line of (await run("read", "--json", "--quiet", renders)).trim().split("\n")) {
    const { photo, sha256, heads } = JSON.parse(line);
    file.set(sha256, photo.split("/").pop());
    heads.forEach(({ ellipse: e }, n) => place.set(`${sha256}#${n}`, { file: photo.split("/").pop(), at: [e.cx, e.cy, (e.a + e.b) / 2] }));
  }
  const wrong = [];
  let unread = 0;
  for (const entry of lines) {
    const text = entry.values.headstamp.text;
    const { photo, head } = entry.places[0];
    // of a head that was missed at first the person said where it is
    const at = entry.places[0].head === null || entry.places[0].head === undefined ? undefined : place.get(`${photo}#${head}`);
    const is = at ? rendered(at) : (truth.get(file.get(photo)) ?? [])[0];
    if (text === "not legible") unread += 1;
    else if (!is || !same(text, is.headstamp)) wrong.push([text, is?.headstamp, entry]);
  }
  const heads = cost.onSheets + cost.singly;
  const each = (n) => (n / lines.length).toFixed(3);
  const quantile = (p) => [...times].sort((a, b) => a - b)[Math.floor(p * (times.length - 1))].toFixed(0);
  console.log(`${lines.length} entries of ${COUNT} photographs, ${unread} of them not legible; ${heads} heads seen, ${cost.singly} singly, ${cost.sheets} sheets`);
  console.log(`a head: ${each(cost.keys)} keys, ${each(cost.clicks)} clicks, ${each(cost.typed)} typed; together ${each(cost.keys + cost.clicks + cost.typed)}`);
  console.log(`purity of sheets before correction ${(cost.pure / cost.onSheets).toFixed(4)}; ${cost.odd} marked odd, ${cost.oddRight} of them right`);
  console.log(`${wall.toFixed(0)} s in all; from key press to what comes next painted: median ${quantile(0.5)} ms, 95 % ${quantile(0.95)} ms`);
  hold("every photograph has its entry", lines.length === COUNT, lines.length);
  hold("every entry says what was rendered", wrong.length === 0, wrong.slice(0, 3));
  // in a small batch hardly anything comes twice
  if (full) hold(`keys, clicks and characters a head at most ${MOST_COST}`, cost.keys + cost.clicks + cost.typed <= MOST_COST * lines.length);
  hold(`sheets hold one variety, ${LEAST_PURITY * 100} % before correction`, cost.pure >= LEAST_PURITY * cost.onSheets, cost.pure / cost.onSheets);
  hold("the browser complained of nothing", complaints.length === 0, complaints);
  await served.kill();
} finally {
  await by.close();
  if (!process.env.BATCH) await rm(folder, { recursive: true, force: true });
}
