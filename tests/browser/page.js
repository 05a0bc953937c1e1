// A review page that is served, and a browser that looks at it.
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const PROGRAM = process.env.HEADSTAMP ?? "target/release/headstamp";
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Runs the program to its end and gives what it printed. */
export const run = (...args) =>
  new Promise((done, failed) => {
    const child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (text) => { out += text; });
    child.on("error", failed);
    child.on("close", (code) => (code === 0 ? done(out) : failed(new Error(`headstamp ${args.join(" ")}: ${code}`))));
  });

// whatever happens here, no program stays behind
const served = new Set();
process.on("exit", () => served.forEach((child) => child.kill("SIGKILL")));

/** Serves a catalogue; `address` is what the program prints, `kill` ends it as a power cut would. */
export const serve = (catalogue, ...more) =>
  new Promise((done, failed) => {
    const child = spawn(PROGRAM, ["review", "--no-open", "--catalogue", catalogue, ...more], { stdio: ["ignore", "pipe", "inherit"] });
    served.add(child);
    child.on("error", failed);
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
      const address = out.match(/^http:\S+/m)?.[0];
      if (address) done({ address, kill: () => new Promise((gone) => { child.on("close", gone); child.kill("SIGKILL"); }) });
    });
    child.on("close", (code) => failed(new Error(`the page was not served: ${code}`)));
  });

export const browser = () => chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });

/** Opens a page and watches what it asks for and complains of. */
export const open = async (by, address, options = {}) => {
  const context = await by.newContext({ viewport: { width: 1366, height: 768 }, locale: "en", ...options });
  const page = await context.newPage();
  const foreign = [];
  const complaints = [];
  page.on("request", (request) => { if (!new URL(request.url()).host.startsWith("127.0.0.1:")) foreign.push(request.url()); });
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  await settled(page);
  return { page, context, foreign, complaints };
};

/** What is there; beside it, out of sight, is what comes next. */
export const HERE = "#main .slot:not(.coming)";

/** Waits until the answer to the last key is there, and its pictures. */
export const settled = (page) =>
  page.waitForFunction((here) => {
    const main = document.getElementById("main");
    return !main || (!main.hasAttribute("aria-busy") && [...document.querySelectorAll(`${here} img`)].every((img) => img.complete));
  }, HERE);

/** What is on the desk, as it can be seen. */
export const shown = (page) =>
  page.evaluate((here) => {
    const article = document.querySelector(`${here} article`);
    const number = (text) => (text ?? "").split(" ").map(Number);
    const name = (text) => text.replace(/ · \d+$/, "").split("/").pop();
    const ranked = [...document.querySelectorAll(`${here} [data-rank]`)].map((b) => b.dataset.headstamp);
    if (!article) return { kind: "nothing" };
    const file = () => name(article.querySelector("h2").textContent);
    if (!article.classList.contains("sheet")) return { kind: "head", file: file(), head: article.dataset.head, at: number(article.dataset.at), ranked };
    const heads = [...article.querySelectorAll(".one")].map((one) => ({
      id: one.dataset.id, file: one.querySelector("img").getAttribute("alt"), at: number(one.dataset.at), odd: one.classList.contains("odd"),
    }));
    return { kind: "sheet", headstamp: article.dataset.headstamp, heads, ranked };
  }, HERE);

/** A check that says what it saw where it fails. */
export const hold = (what, is, seen = "") => {
  if (!is) throw new Error(`${what}${seen === "" ? "" : `: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`}`);
  console.log(`  ${what}`);
};
