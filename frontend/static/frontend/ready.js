// Puts a ready-made text or a hit into a field at once; without it the same buttons go by way of the desk.
"use strict";
(() => {
  const show = (field) => {
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    field.focus();
  };
  // Enter in a field of triage presses the button of its own outcome or list, not the first of the whole page.
  document.getElementById("triage-form")?.addEventListener("keydown", (event) => {
    const part = event.key === "Enter" && !event.isComposing && event.target.matches("input:not([type=checkbox])") && event.target.closest("details.move, #criteria");
    // Where a letter goes out it is looked at first, once more: sending is a press on its own button.
    const button = part && ["look:", "send:", "check"].map((what) => part.querySelector(`button[value^='${what}']`)).find(Boolean);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert], button[data-put]");
    if (!button) return;
    const field = document.getElementById(button.dataset.insert || button.dataset.put);
    if (!field) return;
    if (button.dataset.put) {
      event.preventDefault();
      const other = button.dataset.empty && document.getElementById(button.dataset.empty);
      if (other) other.value = "";
      field.value = button.value.split(":").slice(3).join(":");
      show(field);
      return;
    }
    const chosen = button.parentElement.querySelector("select").selectedOptions[0];
    const text = chosen && chosen.dataset.text;
    // What is left to fill in may be known to the desk by now.
    if (!text || /\{\s*[a-z_]+\s*\}/i.test(text)) return;
    event.preventDefault();
    const before = field.value.trimEnd();
    field.value = before ? `${before}\n\n${text}` : text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show(field);
  });
})();
