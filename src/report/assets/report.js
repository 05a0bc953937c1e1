// Opens the heads that a number counts. What a number counts stands in its address: columns, each with the numbers it takes.
"use strict";
const AT_ONCE = 200;
const data = JSON.parse(document.getElementById("data").textContent);
const heads = document.getElementById("heads");
const waiting = [];
// Larger catalogues keep their heads in files beside the page.
window.take = (part) => { for (const row of part.entries) data.entries.push(row); data.photographs.push(...part.photographs); data.left -= 1; };
const load = () => Promise.all((data.files ?? []).splice(0).map((src) => new Promise((done, failed) => {
  document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: () => failed(new Error(src)) }));
})));
const takes = (text) => {
  const all = text.split(";").filter(Boolean).map((part) => part.split(":")).map(([column, numbers]) => [Number(column), new Set(numbers.split(",").map(Number))]);
  return (row) => all.every(([column, numbers]) => numbers.has(row[2 + column]));
};
const cell = (text, kind) => { const td = document.createElement("td"); const bdi = document.createElement("bdi"); bdi.textContent = text; td.append(bdi); if (kind) td.className = kind; return td; };
const row = (entry) => {
  const [id, quantity] = entry;
  const variety = data.varieties[entry[2 + data.variety]];
  const [photograph, head] = entry.slice(-2);
  const tr = document.createElement("tr");
  tr.append(cell(variety[0], "mark"), cell(variety[1]), cell(String(quantity), "number"), cell(photograph < 0 ? "" : `${data.photographs[photograph]}${head < 0 ? "" : ` · ${head + 1}`}`), cell(id));
  return tr;
};
const show = async () => {
  const of = /^#of=(.*)$/.exec(decodeURIComponent(location.hash))?.[1];
  heads.hidden = of === undefined;
  if (of === undefined) return;
  try { await load(); } catch (e) { heads.querySelector("p").textContent = `${e.message} lies no more beside this page`; return; }
  const found = data.entries.filter(takes(of));
  const cases = found.reduce((sum, entry) => sum + entry[1], 0);
  const body = heads.querySelector("tbody");
  const more = heads.querySelector("[data-more]");
  const link = document.querySelector(`a.count[href="#of=${of}"]`);
  heads.querySelector("h2").textContent = link?.title || "Heads";
  heads.querySelector("p").textContent = `${cases} ${cases === 1 ? "case" : "cases"} in ${found.length} ${found.length === 1 ? "entry" : "entries"}`;
  heads.dataset.entries = String(found.length);
  heads.dataset.cases = String(cases);
  body.replaceChildren();
  const next = () => { body.append(...found.splice(0, AT_ONCE).map(row)); more.hidden = found.length === 0; };
  more.onclick = next;
  next();
  heads.scrollIntoView({ block: "start" });
  heads.querySelector("h2").focus({ preventScroll: true });
};
heads.querySelector("[data-close]").onclick = () => { const of = location.hash; history.pushState(null, "", location.pathname + location.search); heads.hidden = true; document.querySelector(`a.count[href="${CSS.escape(of).replace(/\\/g, "\\\\")}"]`)?.focus(); };
addEventListener("hashchange", show);
show();
