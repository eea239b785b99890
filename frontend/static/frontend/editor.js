// Writing an answer with a toolbar, and with sources to choose from after `[@`. Without scripts the plain fields do.
"use strict";
(() => {
  const form = document.getElementById("answer-form");
  if (!form) return;
  document.getElementById("keys").hidden = false;

  // --- The toolbar: it changes the plain text, so that undo and every other key work as they always do
  function put(field, start, end, text, from, to) {
    field.focus();
    field.setSelectionRange(start, end);
    // The only way that keeps the undo of the browser; where it is gone, the text is put in without.
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.setSelectionRange(from, to);
  }
  function around(field, sign) {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const n = sign.length;
    if (value.slice(start - n, start) === sign && value.slice(end, end + n) === sign) {
      put(field, start - n, end + n, value.slice(start, end), start - n, end - n);
    } else {
      put(field, start, end, sign + value.slice(start, end) + sign, start + n, end + n);
    }
  }
  function before(field, sign) {
    const { selectionStart, selectionEnd, value } = field;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const stop = value.indexOf("\n", selectionEnd);
    const end = stop < 0 ? value.length : stop;
    const lines = value.slice(start, end).split("\n");
    const every = lines.every((line) => line.startsWith(sign));
    const text = lines.map((line) => (every ? line.slice(sign.length) : sign + line)).join("\n");
    put(field, start, end, text, start, start + text.length);
  }
  const MARKS = {
    bold: (field) => around(field, "**"),
    italic: (field) => around(field, "*"),
    heading: (field) => before(field, "## "),
    list: (field) => before(field, "- "),
    quote: (field) => before(field, "> "),
    link: (field, button) => {
      const { selectionStart: start, selectionEnd: end, value } = field;
      const words = value.slice(start, end), address = button.dataset.address;
      const from = start + words.length + 3;
      put(field, start, end, `[${words}](${address})`, from, from + address.length);
    },
    cite: (field) => {
      const at = field.selectionEnd;
      put(field, at, at, "[@", at + 2, at + 2);
      ask(field);
    },
  };
  const toolbar = document.getElementById("toolbar");
  for (const field of form.querySelectorAll("textarea[data-markdown]")) {
    const bar = toolbar.content.cloneNode(true).firstElementChild;
    const label = form.querySelector(`label[for="${field.id}"]`);
    bar.setAttribute("aria-label", `${bar.getAttribute("aria-label")}: ${label.textContent.trim()}`);
    bar.setAttribute("aria-controls", field.id);
    const buttons = [...bar.children];
    buttons.forEach((button, n) => { button.tabIndex = n ? -1 : 0; });
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) MARKS[button.dataset.mark](field, button);
    });
    bar.addEventListener("keydown", (event) => {
      const now = buttons.indexOf(document.activeElement), last = buttons.length - 1;
      const next = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now ? now - 1 : last, Home: 0, End: last }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      buttons[now].tabIndex = -1;
      buttons[next].tabIndex = 0;
      buttons[next].focus();
    });
    field.before(bar);
  }
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase(), field = event.target;
    if (key === "s") {
      event.preventDefault();
      form.requestSubmit(document.getElementById("save"));
    } else if ((key === "b" || key === "i") && field.matches("[data-markdown]")) {
      event.preventDefault();
      MARKS[key === "b" ? "bold" : "italic"](field);
    }
  });

  // --- After saving, one goes on where one was
  const PLACE = "rotonde-place";
  form.addEventListener("submit", (event) => {
    const field = document.activeElement;
    if (!field.id || !form.contains(field) || event.submitter?.value !== "save") return;
    const place = { form: form.action, field: field.id, at: field.matches("textarea") ? field.selectionStart : null };
    try { sessionStorage.setItem(PLACE, JSON.stringify(place)); } catch { /* full or forbidden */ }
  });
  function comeBack() {
    let place = null;
    try { place = JSON.parse(sessionStorage.getItem(PLACE)); sessionStorage.removeItem(PLACE); } catch { /* forbidden */ }
    const field = place && place.form === form.action && document.getElementById(place.field);
    const done = document.querySelector("main > .notice.done"), kept = document.getElementById("kept");
    if (!field || !done) return; // what was refused has the focus
    field.focus();
    if (place.at !== null) field.setSelectionRange(place.at, place.at);
    kept.textContent = done.textContent;
    kept.hidden = false;
  }
  // Not before the browser went to the part of the page that the address names.
  addEventListener("load", () => setTimeout(comeBack));

  // --- Sources to choose from: a list under the field, which keeps the focus
  const TYPED = /\[@(?:[-\w]+\s*;\s*@)*([^\s\[\];,@]*)$/;
  const choice = document.getElementById("choice").content.cloneNode(true).firstElementChild;
  const said = choice.querySelector("[role=status]"), list = choice.querySelector("ul");
  list.id = "sources-to-choose";
  let open = null, timer, running, active = -1;
  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    said.textContent = "";
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) open?.removeAttribute(name);
    open = null;
    active = -1;
  }
  function ask(field) {
    const typed = TYPED.exec(field.value.slice(0, field.selectionStart));
    if (!typed || field.selectionStart !== field.selectionEnd) { if (open) close(); return; }
    clearTimeout(timer);
    timer = setTimeout(() => look(field, typed[1]), 150);
  }
  async function look(field, words) {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.sources}?q=${encodeURIComponent(words)}`, { signal: running.signal });
      if (answer.ok) show(field, (await answer.json()).sources);
    } catch { /* the key can be typed all the same */ }
  }
  function show(field, sources) {
    if (open !== field) { if (open) close(); field.after(choice); }
    open = field;
    list.replaceChildren(...sources.map((one, n) => {
      const row = document.createElement("li");
      row.id = `source-to-choose-${n}`;
      row.setAttribute("role", "option");
      row.dataset.key = one.key;
      const key = document.createElement("b"), rest = document.createElement("span");
      key.textContent = one.key;
      rest.textContent = [one.title, one.detail, one.why].filter(Boolean).join(" · ");
      row.append(key, " ", rest);
      return row;
    }));
    list.hidden = !sources.length;
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    said.textContent = sources.length ? `${sources.length} ${said.dataset.some}` : said.dataset.none;
    choose(sources.length ? 0 : -1);
  }
  function choose(n) {
    active = n;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === n)));
    const row = list.children[n];
    if (row) { open.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); } else open.removeAttribute("aria-activedescendant");
  }
  function take(row) {
    const field = open, end = field.selectionStart;
    const start = end - TYPED.exec(field.value.slice(0, end))[1].length;
    const text = row.dataset.key + (field.value[end] === "]" ? "" : "]");
    const after = start + row.dataset.key.length + 1;
    close();
    put(field, start, end, text, after, after);
  }
  form.addEventListener("input", (event) => { if (event.target.matches("[data-markdown]")) ask(event.target); });
  form.addEventListener("focusout", (event) => { if (event.target === open) setTimeout(() => { if (open && document.activeElement !== open) close(); }, 150); });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const row = event.target.closest("li");
    if (row) take(row);
  });
  form.addEventListener("keydown", (event) => {
    if (!open || event.target !== open || event.isComposing) return;
    const count = list.children.length;
    if (event.key === "Escape") { event.preventDefault(); close(); return; }
    if (!count) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose((active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.children[active]);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      close();
    }
  });
})();
