// The report in a real browser: ten numbers of each table open what they count; no serious axe violation; nothing is fetched.
// `node report.js FOLDER` also writes pictures for the documentation there, and the page as it is printed.
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browser, hold, run } from "./page.js";

const out = process.argv[2];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Numbers of a table that are opened. */
const OPENED = 10;
/** The varieties that are printed as Tables 6.3 and 6.5 of the Small Arms Survey's chapter; the rest of the list is made up. */
const PRINTED = [
  ["31_94", "7.62x39", "CN", "China", "Unknown state factory (code 31)", "1994", 73],
  ["71_90", "7.62x54R", "CN", "China", "Unknown state factory (code 71)", "1990", 36],
  ["945_05", "7.62x54R", "CN", "China", "Unknown state factory (code 945)", "2005", 188],
  ["17_88", "7.62x54R", "RU", "Soviet Union", "Barnaul Machine Tool Plant JSC", "1988", 88],
  ["188_88", "7.62x54R", "RU", "Soviet Union", "Novosibirsk LVE Plant JSC", "1988", 84],
  ["3_*_87_*", "14.5x114", "RU", "Soviet Union", "Ulyanovsk Machinery Plant SPA", "1987", 40],
  ["⊕_77_FN", "7.62x51", "BE", "Belgium", "Fabrique Nationale d'Herstal", "1977", 4],
];
const MADE_UP = [["DZ", "Algeria"], ["BG", "Bulgaria"], ["PL", "Poland"], ["RO", "Romania"], ["RS", "Yugoslavia"], ["SD", "Sudan"], ["CN", "China"]];
const SITES = ["Kidal", "Gao", "Tessalit", "Ménaka", ""];

const folder = await mkdtemp(join(tmpdir(), "headstamp-report-"));
const rows = ["headstamp,calibre,country,state_at_time,factory,year,quantity,site,date_found"];
for (const [n, row] of PRINTED.entries()) rows.push([...row, SITES[n % SITES.length], "2013-03"].join(","));
for (let n = 0; n < 400; n += 1) {
  const [country, state] = MADE_UP[(n * n) % MADE_UP.length];
  const year = n % 37 === 0 ? "absent" : n % 41 === 0 ? "not legible" : String(1952 + ((n * 7) % 62));
  rows.push([`M${n % 120}_${10 + (n % 89)}`, n % 3 ? "7.62x39" : "12.7x108", country, state, "", year, 1 + (n % 4), SITES[n % SITES.length], n % 2 ? "2013" : "2014-02"].join(","));
}
const [list, catalogue, report] = [join(folder, "list.csv"), join(folder, "mali.catalogue"), join(folder, "report")];
await writeFile(list, rows.join("\n"));
await run("import", "--format", "csv", "--by", "Ada", "--catalogue", catalogue, list);
await run("report", "--catalogue", catalogue, "--out", report, "--top", "8", "--title", "Northern Mali");

const by = await browser();
try {
  const context = await by.newContext({ viewport: { width: 1366, height: 900 } });
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) asked.push(request.url()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(join(report, "index.html")).href);
  const tables = await page.evaluate(() => [...document.querySelectorAll("section[id]")].filter((s) => s.id !== "heads").map((s) => s.id));
  let opened = 0;
  for (const table of tables) {
    const links = await page.$$(`#${table} a.count`);
    for (const link of links.slice(0, OPENED)) {
      const count = await link.textContent();
      await link.click();
      await page.waitForFunction((n) => document.getElementById("heads").dataset.cases === n, count, { timeout: 5000 });
      const sum = await page.evaluate(() => [...document.querySelectorAll("#heads tbody .number")].reduce((all, td) => all + Number(td.textContent), 0));
      const more = await page.evaluate(() => !document.querySelector("#heads [data-more]").hidden);
      if (!more && sum !== Number(count)) throw new Error(`${table}: ${count} opens ${sum}`);
      opened += 1;
    }
  }
  hold(`${opened} numbers of ${tables.length} tables open exactly what they count`, opened > 40, opened);
  await page.click("#heads [data-close]");
  hold("the list is closed again", await page.isHidden("#heads"));
  await page.evaluate(axe);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const found = await page.evaluate(async () => (await window.axe.run()).violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`));
    hold(`no serious violation, ${scheme}`, found.length === 0, found);
  }
  hold("nothing is fetched from anywhere, and nothing fails", asked.length === 0 && complaints.length === 0, [...asked, ...complaints]);
  const narrow = await (await by.newContext({ viewport: { width: 390, height: 780 } })).newPage();
  await narrow.goto(pathToFileURL(join(report, "index.html")).href);
  const wide = await narrow.evaluate(() => document.documentElement.scrollWidth);
  hold("a narrow screen scrolls one way only", wide <= 392, wide);
  if (out) {
    await mkdir(out, { recursive: true });
    const shot = (from, name) => from.screenshot({ path: join(out, `${name}.jpg`), type: "jpeg", quality: 74 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, "report");
    await page.evaluate(() => document.getElementById("varieties").scrollIntoView());
    await shot(page, "varieties");
    await page.click("#varieties tbody a.count");
    await page.waitForFunction(() => !document.getElementById("heads").hidden);
    await shot(page, "heads");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(() => document.getElementById("decades").scrollIntoView());
    await shot(page, "report-dark");
    await narrow.evaluate(() => document.getElementById("producers").scrollIntoView());
    await shot(narrow, "report-narrow");
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.pdf({ path: join(folder, "report.pdf"), format: "A4" });
    if (process.env.PDF) await writeFile(process.env.PDF, await readFile(join(folder, "report.pdf")));
  }
} finally {
  await by.close();
  await rm(folder, { recursive: true, force: true });
}
