// The page as a face of the desk: it sends what the person does and shows what comes back. It decides nothing.
"use strict";
const main = document.getElementById("main");
if (main) {
  const body = document.body;
  const said = document.getElementById("said");
  const progress = document.getElementById("progress");
  const keys = document.getElementById("keys");
  const fit = document.getElementById("fit");
  const lang = document.documentElement.lang;
  const view = { zoom: 1, brightness: 1, contrast: 1, invert: false, relief: false };
  const began = Date.now();
  // what is there, and what comes next: laid out and drawn out of sight, so that it only has to be moved into view
  let [here, coming] = main.querySelectorAll(".layer");
  // what comes next as it was sent, and what it is known by
  let [sent, known] = [null, null];
  let busy = false;
  // the photograph on which the person says where a head is, and whether it is one that was missed
  let of = {};
  let missed = false;

  const shown = () => here.querySelector("article");
  const onSheet = () => shown()?.classList.contains("sheet");
  const form = () => here.querySelector("form.edit");
  const ones = () => [...here.querySelectorAll(".one")];
  const isOut = (one) => one.getAttribute("aria-pressed") === "true";
  const ids = (list) => list.map((one) => Number(one.dataset.id));

  // How the person looks at pictures stays from head to head.
  const look = () => [here, coming].forEach(seen);
  const seen = (slot) => {
    const relief = view.relief ? "url(#relief) " : "";
    const filter = `${relief}brightness(${view.brightness}) contrast(${view.contrast}) invert(${view.invert ? 1 : 0})`;
    for (const img of slot.querySelectorAll("img")) {
      img.style.filter = filter === "brightness(1) contrast(1) invert(0)" ? "" : filter;
      if (img.closest(".turned")) img.style.transform = view.zoom === 1 ? "" : `scale(${view.zoom})`;
    }
    for (const input of slot.querySelectorAll(".views input")) {
      if (input.type === "checkbox") input.checked = view[input.name];
      else input.value = view[input.name];
    }
  };

  const [whole, rounded] = [new Intl.NumberFormat(lang), new Intl.NumberFormat(lang, { maximumFractionDigits: 0 })];
  const count = (waiting, decided) => {
    const minutes = Math.max((Date.now() - began) / 60000, 1 / 60);
    const { toGo, done, rate, left } = progress.dataset;
    const parts = [`${whole.format(waiting)} ${toGo}`];
    if (decided > 0) parts.push(`${whole.format(decided)} ${done}`, `${rounded.format(decided / minutes)} ${rate}`);
    if (decided > 2) parts.push(`≈ ${whole.format(Math.ceil((waiting * minutes) / decided))} ${left}`);
    progress.textContent = parts.join(" · ");
  };

  // Whether a case was photographed twice: the pictures prove it while the person looks at what is there.
  const twice = async () => {
    const at = shown();
    if (!at || at.classList.contains("conflict") || at.classList.contains("doubt")) return;
    const answer = await fetch(`twice?page=${body.dataset.page}&lang=${lang}`).catch(() => null);
    if (!answer?.ok || shown() !== at) return;
    const { html, pairs } = await answer.json();
    if (html) at.querySelector("section.twice").innerHTML = html;
    const of = (id) => at.querySelector(`.one[data-id="${id}"]`);
    for (const pair of pairs.map((ids) => ids.map(of)).filter(([a, b]) => a && b)) {
      for (const [one, other] of [pair, [...pair].reverse()]) {
        one.dataset.twin = other.dataset.id;
        badge(one);
      }
    }
    look();
  };

  // Who is the same case as another of the sheet, or may be.
  const badge = (one) => {
    const name = one.parentElement.parentElement.querySelector(`.one[data-id="${one.dataset.twin}"] img`).alt;
    const text = one.dataset.doubled === "true" ? shown().dataset.doubled : shown().dataset.twin;
    one.querySelector(".twin").textContent = `⧉ ${text.replace("{n}", name)}`;
  };

  const double = (one) => {
    if (!one?.dataset.twin) return;
    const is = one.dataset.doubled !== "true";
    const other = ones().find((o) => o.dataset.id === one.dataset.twin);
    for (const [which, now] of [[one, is], [other, false]]) {
      which.dataset.doubled = String(now);
      badge(which);
    }
  };

  const parsed = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    // pictures are decoded with the frame that draws them
    for (const img of template.content.querySelectorAll("img")) img.decoding = "sync";
    return template.content;
  };

  // What comes next is asked for once the pictures of what is there have come.
  const prepare = () => {
    coming.replaceChildren();
    [sent, known] = [null, null];
    const there = [...here.querySelectorAll("img")].filter((img) => !img.complete);
    const next = async () => {
      const of = shown();
      const answer = await fetch(`ahead?page=${body.dataset.page}&lang=${lang}`).catch(() => null);
      const next = answer?.ok ? await answer.json() : null;
      if (next && shown() === of && !busy) {
        [sent, known] = [parsed(next.html), next.known];
        coming.replaceChildren(sent.cloneNode(true));
        seen(coming);
      }
      twice();
    };
    let left = there.length;
    if (!left) next();
    for (const img of there) {
      for (const kind of ["load", "error"]) img.addEventListener(kind, () => { left -= 1; if (!left) next(); }, { once: true });
    }
  };

  // The next frame begins; where nobody sees the page, some time later.
  const frame = () => new Promise((begins) => { requestAnimationFrame(begins); setTimeout(begins, 200); });

  // Takes over what has come out otherwise than it was sent beforehand, and leaves the rest as it is drawn.
  const patch = (there, was, is) => {
    if (was.isEqualNode(is)) return;
    const [olds, news] = [[...was.childNodes], [...is.childNodes]];
    const alike = olds.length && olds.length === news.length && was.cloneNode(false).isEqualNode(is.cloneNode(false));
    if (!alike) there.replaceWith(is);
    else [...there.childNodes].forEach((node, n) => patch(node, olds[n], news[n]));
  };

  // `html` is null where it is what was sent beforehand.
  const put = (html) => {
    if (html !== null) {
      const next = parsed(html);
      if (sent?.childNodes.length === next.childNodes.length) patch(coming, sent, next);
      else coming.replaceChildren(next);
    }
    [here, coming] = [coming, here];
    here.parentElement.classList.remove("coming");
    coming.parentElement.classList.add("coming");
    seen(here);
  };

  // One thing at a time, until what came is painted: a key that is held down does not answer heads that nobody saw.
  const act = async (what) => {
    if (busy) return null;
    busy = true;
    const asked = performance.now();
    main.setAttribute("aria-busy", "true");
    const at = shown();
    const head = at?.dataset.head ? Number(at.dataset.head) : null;
    const ask = { page: body.dataset.page, lang, photo: at?.dataset.photo ?? null, head, known, ...what };
    try {
      const answer = await fetch("do", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(ask) });
      if (!answer.ok) throw new Error(await answer.text());
      const came = await answer.json();
      said.textContent = came.said;
      // what was typed, and who was taken out, stays where it could not be taken
      if (came.done || !["write", "confirm", "doubt"].includes(what.do)) put(came.html);
      count(came.waiting, came.decided);
      // until the frame after the one in which it is drawn begins, for tests to measure
      await frame();
      await frame();
      performance.measure("next", { start: asked, end: performance.now() });
      return came;
    } catch (e) {
      said.textContent = `${body.dataset.lost} ${e.message}`;
      return null;
    } finally {
      // what is inert is styled anew as a whole, and what comes after is made ready: not while the person waits
      await frame();
      [here.parentElement.inert, coming.parentElement.inert] = [false, true];
      busy = false;
      main.removeAttribute("aria-busy");
      prepare();
    }
  };

  const chosen = () => here.querySelector("[name=calibre]:checked")?.value ?? null;

  const confirm = (headstamp) => {
    const all = ones();
    const left = all.filter((one) => !isOut(one));
    // a double is entered with the other, if that is not taken out
    const doubles = left.filter((one) => one.dataset.doubled === "true" && left.some((o) => o.dataset.id === one.dataset.twin));
    const heads = ids(left.filter((one) => !doubles.includes(one)));
    if (!heads.length) return act({ do: "one_by_one", heads: ids(all) });
    const pairs = doubles.map((one) => [Number(one.dataset.twin), Number(one.dataset.id)]);
    return act({ do: "confirm", headstamp, calibre: chosen(), heads, out: ids(all.filter(isOut)), twice: pairs });
  };

  const open = (at) => {
    if (!form()) return;
    form().hidden = false;
    const input = form().elements.headstamp;
    input.focus();
    if (at === undefined) input.select();
    else {
      // places are counted in characters, the input counts UTF-16
      const before = [...input.value].slice(0, at).join("").length;
      input.setSelectionRange(before, before + ([...input.value][at] ?? "").length);
    }
  };

  const shut = () => { if (form()) form().hidden = true; main.focus({ preventScroll: true }); };

  const toggle = (one, out) => {
    const is = out ?? !isOut(one);
    one.setAttribute("aria-pressed", String(is));
  };

  const focused = () => document.activeElement?.closest?.(".one");

  // Heads of a sheet are gone through by arrows, as they lie.
  const move = (key) => {
    const all = ones();
    if (!all.length) return;
    const at = Math.max(0, all.indexOf(focused()));
    const across = all.filter((one) => one.offsetTop === all[0].offsetTop).length;
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const step = { ArrowUp: -across, ArrowDown: across }[key] ?? (key === forward ? 1 : -1);
    const to = all[focused() ? Math.min(all.length - 1, Math.max(0, at + step)) : 0];
    all.forEach((one) => { one.tabIndex = one === to ? 0 : -1; });
    to.focus();
  };

  // Which calibre is meant: the next of those that are proposed.
  const calibre = () => {
    const all = [...here.querySelectorAll("[name=calibre]")];
    if (!all.length) { here.querySelector("[name=other_calibre]")?.focus(); return; }
    const next = all[(all.findIndex((radio) => radio.checked) + 1) % all.length];
    next.checked = true;
    next.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // ---- where a head is

  const svg = () => fit.querySelector("svg");
  const img = () => fit.querySelector("img");
  const fields = () => fit.querySelector("form").elements;

  const draw = () => {
    const { x, y, r } = fields();
    const circle = svg().querySelector("circle");
    circle.setAttribute("cx", x.value || 0);
    circle.setAttribute("cy", y.value || 0);
    circle.setAttribute("r", r.value || 0);
  };

  const where = (other, at = shown()) => {
    if (!at?.dataset.photo || body.dataset.reads !== "true") return;
    missed = other || !at.dataset.head;
    of = { photo: at.dataset.photo, head: at.dataset.head ? Number(at.dataset.head) : null };
    const { x, y, r } = fields();
    [x.value, y.value, r.value] = ["", "", ""];
    img().onload = () => {
      svg().setAttribute("viewBox", `0 0 ${img().naturalWidth} ${img().naturalHeight}`);
      draw();
    };
    img().src = `photograph/${at.dataset.photo}`;
    fit.dataset.clicks = "0";
    fit.showModal();
  };

  const read = () => {
    const { x, y, r } = fields();
    const [cx, cy, radius] = [x, y, r].map((field) => Number(field.value));
    if (!(radius > 0)) return;
    fit.close();
    act({ do: "fit", ...of, centre: [cx, cy], radius, width: img().naturalWidth, missed });
  };

  svg().addEventListener("click", (event) => {
    const box = svg().viewBox.baseVal;
    const rect = svg().getBoundingClientRect();
    const [px, py] = [((event.clientX - rect.left) / rect.width) * box.width, ((event.clientY - rect.top) / rect.height) * box.height];
    const { x, y, r } = fields();
    if (fit.dataset.clicks !== "1") {
      [x.value, y.value, r.value] = [Math.round(px), Math.round(py), ""];
      fit.dataset.clicks = "1";
      draw();
    } else {
      r.value = Math.round(Math.hypot(px - Number(x.value), py - Number(y.value)));
      fit.dataset.clicks = "2";
      draw();
      read();
    }
  });
  fit.addEventListener("input", draw);
  fit.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); read(); });

  // ---- what is asked

  const does = async (what, button) => {
    const data = button?.dataset ?? {};
    const first = shown()?.dataset.headstamp ?? shown()?.dataset.first;
    switch (what) {
      case "accept":
        if (!first) return undefined;
        return onSheet() ? confirm(first) : act({ do: "write", headstamp: first });
      case "choose": return act({ do: "write", headstamp: data.headstamp });
      case "take": {
        shown().dataset.headstamp = data.headstamp;
        here.querySelectorAll("[data-do=take]").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
        here.querySelector(".what h2 .text").textContent = data.headstamp;
        return undefined;
      }
      case "edit": return open();
      case "mark": return open(data.at === undefined ? undefined : Number(data.at));
      case "cancel": return shut();
      case "close": return button.closest("dialog").close();
      case "help": return keys.showModal();
      case "fit": return where(false);
      case "missed": return where(true);
      case "fit_read": return read();
      case "several": {
        // it is no head, and the person shows each that is there
        const at = shown();
        if (!at?.dataset.head) return undefined;
        const came = await act({ do: "not_a_head" });
        if (came?.done) where(true, at);
        return undefined;
      }
      case "out": { const one = button?.classList.contains("one") ? button : focused(); if (one) toggle(one); return undefined; }
      case "open": { const one = focused() ?? ones()[0]; return one && act({ do: "open", id: Number(one.dataset.id) }); }
      case "skip": return onSheet() ? act({ do: "later", heads: ids(ones()) }) : act({ do: "skip" });
      case "one_by_one": return act({ do: "one_by_one", heads: ids(ones()) });
      case "through": return through(data.through);
      case "settle": return act({ do: "settle", kept: data.kept === "true" });
      case "right": return doubt("right");
      case "dismiss": return doubt("dismiss");
      case "doubt_later": return doubt("later");
      case "put_right": return doubt({ correct: { [data.field]: data.value } });
      case "both": return first && act({ do: "write", headstamp: first, also: [Number(data.other)] });
      case "two_cases": return act({ do: "two_cases", other: Number(data.other) });
      case "flicker": {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        button.closest("li").querySelector(".flicker").classList.toggle("on", on);
        return undefined;
      }
      case "double": return double(focused());
      case "same_case": return act({ do: "same_case", case: data.case });
      case "all_odd": ones().forEach((one) => toggle(one, one.classList.contains("odd"))); return undefined;
      default: return act({ do: what });
    }
  };

  // What is made of an entry that is likely wrong.
  const doubt = (says) => act({ do: "doubt", case: shown().dataset.case, says });

  const through = (name) => {
    const tools = here.querySelector("form.tools").elements;
    const pressed = here.querySelector(".tabs [aria-pressed=true]")?.dataset.through ?? "sheets";
    const [order, state, country, site] = ["order", "state", "country", "site"].map((n) => tools[n].value.trim());
    return act({ do: "through", through: name ?? pressed, order, state, country: country.toUpperCase(), site });
  };

  const letters = { e: "edit", i: "illegible", u: "unknown", n: "not_a_head", h: "several", f: "fit", m: "missed", k: "skip", z: "undo", "?": "help" };
  const ofSheet = { e: "edit", x: "out", " ": "out", o: "open", d: "double", g: "one_by_one", k: "skip", z: "undo", a: "all_odd", "?": "help" };
  const ofDoubt = { x: "dismiss", k: "doubt_later" };
  const ofHead = ["illegible", "unknown", "not_a_head", "several", "fit", "missed"];

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) does(button.dataset.do, button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open || fit.open) return;
    const typing = event.target.matches("input:not([type=checkbox]):not([type=range]):not([type=radio]), select, textarea");
    if (event.key === "Escape" && form() && !form().hidden) { shut(); return; }
    if (typing) return;
    const one = event.target.closest(".one");
    const control = !one && event.target.matches("button, a, input, summary");
    const conflict = shown()?.classList.contains("conflict");
    const doubtful = shown()?.classList.contains("doubt");
    const sheet = onSheet();
    const once = !event.repeat;
    if (event.key === "Enter" && !control && once && !conflict) does(doubtful ? "right" : "accept");
    else if (/^[1-9]$/.test(event.key) && once) {
      const button = conflict ? here.querySelectorAll("[data-do=settle]")[event.key - 1] : here.querySelector(`[data-rank="${event.key - 1}"]`);
      if (button) does(button.dataset.do, button);
    } else if (sheet && event.key.startsWith("Arrow")) move(event.key);
    else if (sheet && ofSheet[event.key] && once && !(event.key === " " && control)) does(ofSheet[event.key]);
    else if (conflict && event.key === "k" && once) does("leave_conflict");
    else if (doubtful && ofDoubt[event.key] && once) does(ofDoubt[event.key]);
    else if (!sheet && "stw".includes(event.key) && once) {
      // what is proved of the first that may be the same case
      const what = { s: "[data-do=same_case], [data-do=both]", t: "[data-do=two_cases]", w: "[data-do=flicker]" }[event.key];
      const button = here.querySelector("section.twice")?.querySelector(what);
      if (button) does(button.dataset.do, button);
    } else if (!sheet && letters[event.key] && once && !((conflict || doubtful) && ofHead.includes(letters[event.key]))) does(letters[event.key]);
    else if (event.key === "+" || event.key === "-") { view.zoom = Math.min(4, Math.max(1, view.zoom + (event.key === "+" ? 0.25 : -0.25))); look(); }
    else if (event.key === "b" || event.key === "B") { view.brightness = Math.min(2.4, Math.max(0.4, view.brightness + (event.key === "b" ? 0.1 : -0.1))); look(); }
    else if (event.key === "v") { view.invert = !view.invert; look(); }
    else if (event.key === "r") { view.relief = !view.relief; look(); }
    else if (event.key === "c") calibre();
    else return;
    event.preventDefault();
  });

  main.addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = event.target;
    if (sent.matches(".tools")) through();
    else if (sent.closest(".doubt")) {
      const changed = [...sent.elements].filter((field) => field.name && field.value.trim() && field.value !== field.dataset.was);
      doubt({ correct: Object.fromEntries(changed.map((field) => [field.name, field.value])) });
    } else if (sent.matches(".edit") && onSheet()) confirm(sent.elements.headstamp.value);
    else if (sent.matches(".edit")) act({ do: "write", headstamp: sent.elements.headstamp.value });
    else act({ do: "say", field: sent.elements.field.value, text: sent.elements.text.value, all: sent.elements.all.checked });
  });

  main.addEventListener("change", (event) => {
    const input = event.target;
    if (input.name === "other_calibre" && input.value.trim() && onSheet()) {
      const label = Object.assign(document.createElement("label"), {});
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "calibre", value: input.value, checked: true });
      label.append(radio, " ", input.value);
      input.before(label);
    } else if (!onSheet() && (input.name === "calibre" || (input.name === "other_calibre" && input.value.trim()))) {
      act({ do: "say", field: "calibre", text: input.value, all: false });
    }
  });

  main.addEventListener("input", async (event) => {
    const input = event.target;
    if (input.closest(".views")) { view[input.name] = input.type === "checkbox" ? input.checked : Number(input.value); look(); }
    if (input.name !== "headstamp") return;
    const typed = input.value;
    const answer = await fetch(`complete?text=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || input.value !== typed) return;
    const options = (await answer.json()).map((text) => Object.assign(document.createElement("option"), { value: text }));
    document.getElementById("known").replaceChildren(...options);
  });

  // What is written into a photograph is asked for once somebody wants to know.
  main.addEventListener("toggle", async (event) => {
    const details = event.target;
    if (!details.dataset.about || !details.open) return;
    const answer = await fetch(`about/${details.dataset.about}?lang=${lang}`).catch(() => null);
    if (answer?.ok) details.querySelector("div").innerHTML = await answer.text();
  }, true);

  main.addEventListener("error", (event) => { if (event.target.dataset?.missing) event.target.alt = event.target.dataset.missing; }, true);

  look();
  count(Number(body.dataset.waiting), Number(body.dataset.decided));
  prepare();
}
