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
  const count = () => {
    const number = boxes.filter((one) => one.checked).length;
    if (picked) picked.textContent = number ? `(${number})` : "";
  };
  document.addEventListener("change", (event) => { if (boxes.includes(event.target)) count(); });
  count();

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
  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    p: () => inRow(".peek > summary")?.click(),
    c: () => inRow("[data-claim] button")?.click(),
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
