// Keys for the queue. The focus is moved for real, from link to link, so that who listens hears the case.
// Without scripts every link, box and button of the list works all the same.
"use strict";
(() => {
  const OFF = "rotonde-keys-off";
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* full or forbidden */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };
  const rows = [...document.querySelectorAll("[data-row]")];
  const place = document.getElementById("keys"), sheet = document.getElementById("keys-sheet");
  const isOn = document.getElementById("keys-on"), close = document.getElementById("keys-close");
  (document.getElementById("problem") || document.getElementById("outcomes"))?.focus();

  // --- Which cases are chosen, said where something can be done with them
  const picked = document.getElementById("picked");
  const boxes = [...document.querySelectorAll("input[name=questions]")];
  const choice = document.getElementById("choose-all"), all = choice?.querySelector("input");
  const count = () => {
    const number = boxes.filter((one) => one.checked).length;
    if (picked) picked.textContent = number ? `(${number})` : "";
    if (!all) return;
    all.checked = number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  };
  document.addEventListener("change", (event) => {
    if (event.target === all) for (const one of boxes) one.checked = all.checked;
    if (event.target === all || boxes.includes(event.target)) count();
  });
  if (choice) choice.hidden = false;
  count();
  addEventListener("pageshow", count); // the browser puts the choice back as it was

  // --- The list of keys: where scripts run, a dialog that Escape closes and that gives the focus back
  const dialog = document.createElement("dialog");
  dialog.className = "keys-dialog";
  dialog.setAttribute("aria-labelledby", "keys-title");
  document.body.append(dialog);
  dialog.addEventListener("close", () => { place.append(sheet); close.hidden = true; });
  function help() {
    dialog.append(sheet);
    close.hidden = false;
    dialog.showModal();
  }
  document.getElementById("keys-choice").hidden = false;
  isOn.checked = store.get(OFF) === null;
  isOn.addEventListener("change", () => { if (isOn.checked) store.drop(OFF); else store.set(OFF, "1"); });

  // --- One key, one thing
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  function go(step) {
    const at = here(), to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    rows[to]?.querySelector("h2 a").focus();
  }
  const inRow = (selector) => rows[here()]?.querySelector(selector);
  // A key that can do nothing here says so; going on takes the sentence away.
  const said = document.getElementById("keys-said");
  function claim() {
    const button = inRow("[data-claim] button");
    if (button) { button.click(); return; }
    if (here() < 0) return;
    said.textContent = "";
    setTimeout(() => { said.textContent = said.dataset.unclaimable; }); // apart, so that it is heard a second time too
  }
  document.addEventListener("focusin", () => { said.textContent = ""; });
  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    p: () => inRow(".peek > summary")?.click(),
    c: claim,
    x: () => inRow("input[name=questions]")?.click(),
    "/": () => document.getElementById("f-q").focus(),
    "?": help,
  };
  const types = (one) => one.isContentEditable || one.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && event.key === "c") return;
    const act = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
    if (!act || !isOn.checked || dialog.open || types(event.target)) return;
    event.preventDefault();
    act();
  });
})();
