// Pictures of the page for the documentation: node shots.js FOLDER
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HERE, browser, open, run, serve, settled } from "./page.js";

const out = process.argv[2];
if (!out) throw new Error("say where: node shots.js FOLDER");
await mkdir(out, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), "headstamp-shots-"));
const [renders, catalogue] = [join(folder, "7.62x39"), join(folder, "a.catalogue")];
const by = await browser();
try {
  await run("synth", "--count", "90", "--seed", "71", "--recurring", "--size", "1200x900", "--out", renders, "--quiet");
  await run("add", "--catalogue", catalogue, "--by", "Ada", "--set", "site=Kidal", "--quiet", renders);
  const served = await serve(catalogue, "--by", "Ada", "--controls", "10%");
  const shot = async (page, name) => {
    await settled(page);
    await page.screenshot({ path: join(out, `${name}.jpg`), type: "jpeg", quality: 72 });
  };
  const through = async (page, what) => {
    await page.click(`${HERE} [data-through=${what}]`);
    await settled(page);
  };
  const narrow = { viewport: { width: 390, height: 780 } };

  const wide = await open(by, served.address);
  await wide.page.keyboard.press("ArrowRight");
  await wide.page.keyboard.press("ArrowRight");
  await wide.page.keyboard.press("x");
  await shot(wide.page, "sheet");
  // a sheet confirmed, so that there are confirmed heads to show
  await wide.page.keyboard.press("Enter");
  await settled(wide.page);
  await through(wide.page, "heads");
  await shot(wide.page, "head");
  for (let n = 0; n < 6; n += 1) {
    await wide.page.keyboard.press("Enter");
    await settled(wide.page);
  }
  await wide.page.keyboard.press("e");
  await wide.page.keyboard.type("KYNOCH_303");
  await wide.page.keyboard.press("Enter");
  await settled(wide.page);
  await through(wide.page, "doubtful");
  await shot(wide.page, "doubtful");
  await through(wide.page, "heads");
  await wide.page.click("text=Summary");
  await shot(wide.page, "summary");

  const dark = await open(by, served.address, { colorScheme: "dark" });
  await shot(dark.page, "sheet-dark");
  const arabic = await open(by, `${served.address}?lang=ar`);
  await through(arabic.page, "heads");
  await shot(arabic.page, "head-arabic");
  const phone = await open(by, served.address, narrow);
  await shot(phone.page, "sheet-narrow");
  await through(phone.page, "heads");
  await shot(phone.page, "head-narrow");
  await served.kill();
} finally {
  await by.close();
  await rm(folder, { recursive: true, force: true });
}
