// A long page of the desk. Links lead into what is folded, and keys go from part to part, so that nobody needs a
// hundred stops to get back to its head. The keys are switched off together with those of the queue. Without scripts there is the list of parts.
"use strict";
(() => {
  // A link to something folded leads into it.
  const unfold = () => {
    const one = document.getElementById(location.hash.slice(1));
    if (one?.matches("details")) one.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  const nav = document.querySelector("nav.jump"), hint = document.getElementById("parts-keys");
  if (!nav || !hint) return;
  try { if (localStorage.getItem("rotonde-keys-off") !== null) return; } catch { /* forbidden: the keys are on */ }
  const heads = [...nav.querySelectorAll("a")].map((link) => document.querySelector(`${link.hash} h2`)).filter(Boolean);
  heads.sort((one, other) => (one.compareDocumentPosition(other) & 4 ? -1 : 1));
  for (const head of heads) head.tabIndex = -1;
  hint.hidden = false;
  // The part that holds the focus: the last heading that does not stand behind it; -1 above them all.
  const here = () => heads.findLastIndex((head) => head === document.activeElement || head.compareDocumentPosition(document.activeElement) & 4);
  const go = (to) => heads[Math.max(0, Math.min(to, heads.length - 1))].focus();
  const KEYS = {
    j: () => go(here() + 1),
    k: () => go(heads.includes(document.activeElement) ? here() - 1 : here()), // first to the head of this part
  };
  const types = (one) => one.isContentEditable || one.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || types(event.target)) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
