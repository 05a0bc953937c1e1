// What a person does on the page, done in a browser: every step is looked for on the page and in the catalogue.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HERE, browser, hold, open, run, serve, settled, shown } from "./page.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = await mkdtemp(join(tmpdir(), "headstamp-page-"));
const renders = join(folder, "renders");
const catalogue = join(folder, "a.catalogue");
const status = async () => JSON.parse(await run("status", "--json", "--catalogue", catalogue));
const entries = async () => (await status()).entries;

const press = async (page, ...keys) => {
  for (const key of keys) {
    await page.keyboard.press(key);
    await settled(page);
  }
};
const said = (page) => page.textContent("#said");

/** No serious violation of what makes a page usable to everybody. */
const usable = async (page, view) => {
  // what the page may load is restricted: the checker is put in by the browser itself
  await page.evaluate(AXE);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  hold(`axe: nothing serious on ${view}`, serious.length === 0, serious.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html)]));
};

const by = await browser();
try {
  await run("synth", "--count", "60", "--seed", "71", "--recurring", "--size", "1200x900", "--out", renders, "--quiet");
  await run("synth", "--count", "2", "--seed", "62", "--subject", "none", "--size", "800x600", "--out", join(folder, "none"), "--quiet");
  await run("add", "--catalogue", catalogue, "--by", "Ada", "--quiet", renders, join(folder, "none"));
  let served = await serve(catalogue, "--by", "Ada");
  const begun = Date.now();
  let { page, context, foreign, complaints } = await open(by, served.address);
  console.log(`first page, with its pictures, after ${Date.now() - begun} ms`);

  console.log("a sheet with exceptions, by keys alone");
  let there = await shown(page);
  hold("the largest group lies on a sheet", there.kind === "sheet" && there.heads.length > 3, there.kind);
  await usable(page, "a sheet");
  await press(page, "ArrowRight", "ArrowRight", "x");
  const [out, taken] = await page.evaluate(() => [document.activeElement.getAttribute("aria-pressed"), document.activeElement.dataset.id]);
  hold("an arrow goes to a head and x takes it out", out === "true" && taken === there.heads[1].id, [out, taken]);
  const { headstamp, heads } = there;
  await press(page, "Enter");
  hold("Enter confirms all that are left", (await entries()) === heads.length - 1, await said(page));
  hold("what was entered is said", (await said(page)).includes(`${headstamp} × ${heads.length - 1}`), await said(page));
  await press(page, "z");
  hold("one undo takes the sheet back", (await entries()) === 0, await said(page));
  there = await shown(page);
  const again = there.heads.map((h) => h.id);
  hold("and it lies there again, without what was taken out", heads.every((h) => again.includes(h.id) === (h.id !== taken)), [taken, again]);
  await press(page, "Enter");

  console.log("one head");
  there = await shown(page);
  if (there.kind === "sheet") await press(page, "g");
  there = await shown(page);
  hold("g goes through a sheet one by one", there.kind === "head", there);
  await usable(page, "a head");
  const before = await entries();
  await press(page, "e");
  await page.keyboard.type("XYZ_99");
  hold("keys are dead while typing", (await shown(page)).file === there.file);
  await press(page, "Enter");
  hold("a typed headstamp is entered", (await entries()) === before + 1 && (await said(page)).includes("XYZ_99"), await said(page));
  await press(page, "z");
  hold("undo goes back to it", (await shown(page)).file === there.file && (await entries()) === before, await said(page));
  await page.click(`${HERE} ol.marks button`);
  const input = await page.evaluate(() => [document.activeElement.name, document.activeElement.selectionEnd - document.activeElement.selectionStart]);
  hold("a click on a mark selects its character", input[0] === "headstamp" && input[1] >= 1, input);
  await page.keyboard.press("Escape");
  await press(page, "v", "r", "+");
  const filter = await page.locator(`${HERE} .turned img`).evaluate((img) => img.style.cssText);
  hold("inverted, relief and zoom are shown", ["invert(1)", "relief", "scale(1.25)"].every((t) => filter.includes(t)), filter);
  await press(page, "v", "r", "-");

  console.log("where a head is");
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.querySelector("#fit img").complete && document.querySelector("#fit svg").viewBox.baseVal.width > 0);
  await usable(page, "where a head is");
  const [cx, cy, r] = (await shown(page)).at;
  const box = await page.locator("#fit svg").boundingBox();
  const scale = box.width / 1200;
  await page.mouse.click(box.x + cx * scale, box.y + cy * scale);
  await page.mouse.click(box.x + (cx + r) * scale, box.y + cy * scale);
  await page.waitForFunction(() => document.getElementById("said").textContent.startsWith("Read"), null, { timeout: 60000 });
  await settled(page);
  const fitted = await shown(page);
  hold("two clicks fit it again and it is read at once", fitted.file === there.file && Math.hypot(fitted.at[0] - cx, fitted.at[1] - cy) < 0.1 * r, fitted.at);

  console.log("restart in the middle");
  await press(page, "Enter");
  const kept = await entries();
  await served.kill();
  await press(page, "Enter");
  hold("a program that is gone is told", (await said(page)).includes("What was confirmed is kept"), await said(page));
  await context.close();
  served = await serve(catalogue, "--by", "Ada");
  ({ page, context, foreign, complaints } = await open(by, served.address));
  hold("nothing that was confirmed is lost", (await entries()) === kept, kept);
  await press(page, "z");
  hold("undo reaches back before the restart", (await entries()) < kept, await said(page));

  console.log("two people at once");
  const other = await serve(catalogue, "--by", "Bob");
  const second = await open(by, other.address);
  for (const p of [page, second.page]) {
    await p.click(`${HERE} [data-through=heads]`);
    await settled(p);
  }
  const [mine, theirs] = [await shown(page), await shown(second.page)];
  hold("both see the same head", mine.file === theirs.file && mine.at.join() === theirs.at.join(), [mine, theirs]);
  for (const [p, text] of [[page, "AAA_1"], [second.page, "BBB_2"]]) {
    await press(p, "e");
    await p.keyboard.type(text);
    await press(p, "Enter");
  }
  hold("the later sees what happened", (await said(second.page)).includes("(Ada)"), await said(second.page));
  hold("nothing is overwritten", (await status()).conflicts === 1);
  await page.click(`${HERE} [data-through=conflicts]`);
  await settled(page);
  await usable(page, "a contradiction");
  await press(page, "2");
  hold("a key settles it", (await status()).conflicts === 0, await said(page));
  await second.context.close();
  await other.kill();

  console.log("entries that are likely wrong");
  const doubted = () => page.evaluate((here) => {
    const at = document.querySelector(`${here} .doubt`);
    if (!at) return null;
    const pictures = [...at.querySelectorAll("img")].every((img) => img.complete && img.naturalWidth > 0);
    return { of: at.dataset.case, headstamp: at.querySelector("h2 .text").textContent, reasons: at.querySelectorAll(".reasons li").length, pictures };
  }, HERE);
  await page.click(`${HERE} [data-through=doubtful]`);
  await settled(page);
  const first = await doubted();
  hold("what the marks contradict comes first, with its pictures", first?.headstamp === "BBB_2" && first.reasons > 0 && first.pictures, first);
  await usable(page, "an entry that is likely wrong");
  await press(page, "x");
  hold("a key dismisses it", (await said(page)).startsWith("Dismissed") && (await doubted())?.of !== first.of, await said(page));
  await press(page, "z");
  hold("and takes that back", (await doubted())?.of === first.of, [await said(page), await doubted(), first]);
  await press(page, "e");
  await page.keyboard.type("BBB_3");
  await press(page, "Enter");
  const entered = await run("export", "--format", "csv", "--catalogue", catalogue);
  hold("what is typed is put right", (await said(page)).startsWith("Put right") && entered.includes("BBB_3") && !entered.includes("BBB_2"), await said(page));

  console.log("photographs without a head, and what is left");
  await page.click(`${HERE} [data-through=without_heads]`);
  await settled(page);
  await usable(page, "a photograph without a head");
  await page.click("text=Summary");
  await page.waitForSelector("body.summary");
  await usable(page, "the summary");
  await page.click("text=Back");
  await page.waitForSelector("#main");
  await page.keyboard.press("?");
  await usable(page, "the keys");
  await page.keyboard.press("Escape");

  console.log("from right to left, narrow, dark");
  const arabic = await open(by, `${served.address}?lang=ar`, { viewport: { width: 390, height: 800 }, colorScheme: "dark" });
  hold("Arabic runs from right to left", (await arabic.page.evaluate(() => getComputedStyle(document.body).direction)) === "rtl");
  await arabic.page.click(`${HERE} [data-through=sheets]`);
  await settled(arabic.page);
  await usable(arabic.page, "a sheet in Arabic, narrow and dark");
  const wide = await arabic.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  hold("nothing hangs over the side", wide <= 0, wide);
  await press(arabic.page, "ArrowLeft", "ArrowLeft");
  const at = await arabic.page.evaluate((here) => [...document.querySelectorAll(`${here} .one`)].indexOf(document.activeElement), HERE);
  hold("an arrow to the left goes on", at === 1, at);

  hold("no request left loopback", foreign.length + arabic.foreign.length === 0, foreign);
  hold("the browser complained of nothing", complaints.length + arabic.complaints.length === 0, complaints.concat(arabic.complaints));
  await served.kill();
  console.log("all of it holds");
} finally {
  await by.close();
  await rm(folder, { recursive: true, force: true });
}
