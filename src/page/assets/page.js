// The page as a face of the desk: it sends what the person does and shows what comes back. It decides nothing.
"use strict";
const main = document.getElementById("head");
if (main) {
  const said = document.getElementById("said");
  const progress = document.getElementById("progress");
  const keys = document.getElementById("keys");
  const lang = document.documentElement.lang;
  const view = { zoom: 1, brightness: 1, contrast: 1, invert: false, relief: false };
  let busy = false;
  let decided = 0;
  const began = Date.now();

  const shown = () => main.querySelector("article");
  const edit = () => main.querySelector("form.edit");

  const look = () => {
    for (const img of main.querySelectorAll(".window img")) {
      const relief = view.relief ? "url(#relief) " : "";
      img.style.filter = `${relief}brightness(${view.brightness}) contrast(${view.contrast}) invert(${view.invert ? 1 : 0})`;
      if (img.closest(".turned")) img.style.transform = `scale(${view.zoom})`;
      img.onerror = () => { img.alt = img.dataset.missing; };
    }
    for (const input of main.querySelectorAll(".views input")) {
      if (input.type === "checkbox") input.checked = view[input.name];
      else input.value = view[input.name];
    }
  };

  // One thing at a time: a key that is held down does not answer heads that nobody saw.
  const act = async (what) => {
    if (busy) return;
    busy = true;
    main.setAttribute("aria-busy", "true");
    const at = shown();
    const head = at?.dataset.head ? Number(at.dataset.head) : null;
    const body = { desk: document.body.dataset.desk, lang, photo: at?.dataset.photo ?? "", head, ...what };
    try {
      const answer = await fetch("do", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
      const came = await answer.json();
      said.textContent = came.said;
      // what was typed stays where it could not be taken
      if (came.done || shown()?.dataset.photo !== body.photo || !edit() || edit().hidden) main.innerHTML = came.html;
      if (came.done && !["say", "skip", "undo"].includes(what.do)) decided += 1;
      const minutes = (Date.now() - began) / 60000;
      const { toGo, decided: done, rate } = progress.dataset;
      const left = decided > 2 ? ` · ≈ ${Math.ceil((came.waiting * minutes) / decided)} min` : "";
      progress.textContent = `${came.waiting.toLocaleString(lang)} ${toGo} · ${decided} ${done} · ${(decided / Math.max(minutes, 1 / 60)).toFixed(0)} ${rate}${left}`;
      look();
      if (came.next && came.next.head !== null) {
        for (const kind of ["turned", "photo", "strip"]) new Image().src = `picture/${came.next.photo}/${came.next.head}/${kind}`;
      }
    } catch (e) {
      said.textContent = `${document.body.dataset.lost} ${e.message}`;
    } finally {
      busy = false;
      main.removeAttribute("aria-busy");
    }
  };

  const open = (at) => {
    const form = edit();
    if (!form) return;
    form.hidden = false;
    const input = form.elements.headstamp;
    input.focus();
    if (at === undefined) input.select();
    else {
      // places are counted in characters, the input counts UTF-16
      const before = [...input.value].slice(0, at).join("").length;
      input.setSelectionRange(before, before + ([...input.value][at] ?? "").length);
    }
  };

  const does = (what, button) => {
    switch (what) {
      case "accept": return shown()?.dataset.first ? act({ do: "proposal", rank: 0 }) : undefined;
      case "proposal": return act({ do: "proposal", rank: Number(button.dataset.rank) });
      case "edit": return open();
      case "mark": return open(button.dataset.at === undefined ? undefined : Number(button.dataset.at));
      case "cancel": edit().hidden = true; return undefined;
      case "help": return keys.showModal();
      default: return act({ do: what });
    }
  };

  const letters = { e: "edit", i: "illegible", u: "unknown", n: "not_a_head", k: "skip", z: "undo", "?": "help" };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-close]");
    if (!button) return;
    if (button.dataset.close) keys.close();
    else does(button.dataset.do, button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open) return;
    const typing = event.target.matches("input:not([type=checkbox]):not([type=range]), select, textarea");
    if (event.key === "Escape" && edit() && !edit().hidden) { edit().hidden = true; return; }
    if (typing) return;
    const control = event.target.matches("button, a, input");
    if (event.key === "Enter" && !control && !event.repeat) does("accept");
    else if (/^[1-9]$/.test(event.key) && !event.repeat) {
      const button = main.querySelector(`[data-rank="${event.key - 1}"]`);
      if (button) does("proposal", button);
    } else if (letters[event.key] && !event.repeat) does(letters[event.key]);
    else if (event.key === "+" || event.key === "-") { view.zoom = Math.min(4, Math.max(1, view.zoom + (event.key === "+" ? 0.25 : -0.25))); look(); }
    else if (event.key === "v") { view.invert = !view.invert; look(); }
    else if (event.key === "r") { view.relief = !view.relief; look(); }
    else if (event.key === "c") { const form = main.querySelector("form.say"); if (form) { form.elements.field.value = "calibre"; form.elements.text.focus(); } }
    else return;
    event.preventDefault();
  });

  main.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.matches(".edit")) act({ do: "write", headstamp: form.elements.headstamp.value });
    else act({ do: "say", field: form.elements.field.value, text: form.elements.text.value, all: form.elements.all.checked });
  });

  main.addEventListener("input", async (event) => {
    const input = event.target;
    if (input.closest(".views")) { view[input.name] = input.type === "checkbox" ? input.checked : Number(input.value); look(); }
    if (input.name !== "headstamp") return;
    const typed = input.value;
    const answer = await fetch(`complete?text=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || input.value !== typed) return;
    const options = (await answer.json()).map((text) => Object.assign(document.createElement("option"), { value: text }));
    main.querySelector("#known")?.replaceChildren(...options);
  });
  look();
}
