// How long it takes from a key press to what comes next painted, with everything that is in view, on a catalogue of many heads
// (`cargo bench --bench large`); and how long to the first page. The catalogue is copied, never changed.
//
// `node fast.js CATALOGUE [PAUSE]`: the person looks PAUSE milliseconds at what is there before they answer.
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HERE, browser, serve, settled } from "./page.js";

const [, , from, pause = "1000"] = process.argv;
/** Answers that are timed, of each kind. */
const ANSWERS = Number(process.env.ANSWERS ?? 100);

const folder = await mkdtemp(join(tmpdir(), "headstamp-fast-"));
const catalogue = join(folder, "a.catalogue");
await copyFile(from, catalogue);
const quantile = (times, p) => [...times].sort((a, b) => a - b)[Math.floor(p * (times.length - 1))]?.toFixed(0);
const by = await browser();
try {
  const begun = Date.now();
  const served = await serve(catalogue, "--by", "Ada");
  const listening = Date.now();
  const context = await by.newContext({ viewport: { width: 1366, height: 768 }, locale: "en" });
  // assets that are being worked on, instead of those of the program
  for (const name of process.env.ASSETS ? ["page.js", "page.css"] : []) {
    await context.route(`**/assets/${name}`, (route) => route.fulfill({ path: join(process.env.ASSETS, name) }));
  }
  // when the browser says that it has shown the frame in which what came next was put there: by a sign that is put there too
  await context.addInitScript(() => {
    window.drawn = [];
    new PerformanceObserver((list) => window.drawn.push(...list.getEntries().map((e) => e.renderTime || e.startTime))).observe({ type: "element", buffered: true });
    new MutationObserver((all) => {
      const slot = all.map((m) => m.target).find((node) => node.matches?.(".slot:not(.coming)"));
      const sign = Object.assign(document.createElement("p"), { textContent: "+" });
      sign.setAttribute("elementtiming", "next");
      slot?.querySelector("h2")?.append(sign);
    }).observe(document, { attributes: true, attributeFilter: ["class"], subtree: true });
  });
  const page = await context.newPage();
  await page.goto(served.address);
  await page.waitForSelector(`${HERE} article`);
  await settled(page);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  console.log(`first page: painted ${paint?.toFixed(0)} ms after it was asked for; ${Date.now() - listening} ms after the address was printed, ${Date.now() - begun} ms after the command`);
  for (const [name, through] of [["sheets", null], ["heads", "heads"]]) {
    if (through) await page.click(`${HERE} [data-through=${through}]`);
    await settled(page);
    await page.evaluate(() => { performance.clearMeasures(); performance.clearResourceTimings(); performance.setResourceTimingBufferSize(100000); });
    for (let n = 0; n < ANSWERS; n += 1) {
      await page.waitForTimeout(Number(pause));
      const before = await page.evaluate(() => performance.getEntriesByName("next").length);
      await page.keyboard.press("Enter");
      await page.waitForFunction((seen) => performance.getEntriesByName("next").length > seen, before);
    }
    const times = await page.evaluate(() => performance.getEntriesByName("next").map((e) => e.duration));
    const drawn = await page.evaluate(() => {
      const all = performance.getEntriesByName("next");
      return all.map((e, n) => window.drawn.find((at) => at > e.startTime && at < (all[n + 1]?.startTime ?? Infinity)) - e.startTime).filter((t) => t > 0);
    });
    console.log(`${name}: shown on the screen after ${quantile(drawn, 0.5)} ms, 95 % ${quantile(drawn, 0.95)} ms (${drawn.length} times)`);
    const asked = await page.evaluate(() => performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/do")).map((e) => e.duration));
    console.log(`${name}: the program answers in ${quantile(asked, 0.5)} ms, 95 % ${quantile(asked, 0.95)} ms`);
    console.log(`${name}: ${times.length} answers, median ${quantile(times, 0.5)} ms, 95 % ${quantile(times, 0.95)} ms, most ${quantile(times, 1)} ms`);
  }
  await served.kill();
} finally {
  await by.close();
  await rm(folder, { recursive: true, force: true });
}
