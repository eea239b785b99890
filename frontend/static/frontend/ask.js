// Makes asking better where scripts run; without them every step works all the same.
"use strict";
(() => {
  const DRAFT = "rotonde-ask", KEEP_NOT = "rotonde-ask-keep-not", DAYS = 7;
  // Not the address and the name: whoever opens this browser next has no business with them.
  const NOT_KEPT = ["csrfmiddlewaretoken", "key", "stamp", "website", "at", "go", "email", "name", "seen", "personal_data_checked"];
  const form = document.getElementById("ask");
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* full or forbidden */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };
  if (document.querySelector("[data-sent]")) store.drop(DRAFT);
  document.getElementById("problem")?.focus();
  if (!form) return;
  const text = document.getElementById("ask-text");

  // --- A draft that survives a closed tab, on this device only
  const mayKeep = () => store.get(KEEP_NOT) === null;
  function keep() {
    if (!mayKeep()) return;
    const fields = [...new FormData(form)].filter(([name, value]) => value && !NOT_KEPT.includes(name));
    if (fields.some(([name]) => name === "text")) store.set(DRAFT, JSON.stringify({ at: Date.now(), fields }));
  }
  function kept() {
    try {
      const found = JSON.parse(store.get(DRAFT));
      if (found && Date.now() - found.at < DAYS * 864e5 && Array.isArray(found.fields)) return found.fields;
    } catch { /* not ours */ }
    store.drop(DRAFT);
    return null;
  }
  function offer(fields) {
    const box = document.getElementById("draft");
    const words = fields.find(([name]) => name === "text");
    if (!box || !words) return;
    document.getElementById("draft-text").textContent = words[1].slice(0, 200);
    box.hidden = false;
    document.getElementById("draft-on").addEventListener("click", () => {
      for (const [name, value] of fields) {
        if (name === "text") { text.value = value; continue; }
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.prepend(field);
      }
      box.hidden = true;
      text.focus();
      soon();
    });
    document.getElementById("draft-away").addEventListener("click", () => {
      store.drop(DRAFT);
      box.hidden = true;
      text.focus();
    });
  }
  const keepNot = document.getElementById("keep-not");
  if (keepNot) {
    document.getElementById("keep").hidden = false;
    keepNot.checked = !mayKeep();
    keepNot.addEventListener("change", () => {
      if (keepNot.checked) { store.set(KEEP_NOT, "1"); store.drop(DRAFT); } else { store.drop(KEEP_NOT); keep(); }
    });
  }
  const before = kept();
  if (before && text && !text.value.trim()) offer(before); else keep();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);

  // --- Suggestions while typing: one request a pause, and the last one counts
  const live = document.getElementById("live");
  let timer, last = "", running;
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, 700);
  }
  async function look() {
    const words = text.value.trim();
    if (words === last) return;
    last = words;
    running?.abort();
    if (words.length < 15) { live.replaceChildren(); return; }
    running = new AbortController();
    try {
      const answer = await fetch(live.dataset.url, { method: "POST", body: new FormData(form), signal: running.signal });
      if (answer.ok && text.value.trim() === words) live.innerHTML = await answer.text();
    } catch { /* the next step shows the same */ }
  }
  if (live && text) text.addEventListener("input", soon);

  // --- What was opened goes along with the question
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-reads]");
    const box = link && document.getElementById(`read-${link.dataset.reads}`);
    if (!box) return;
    box.checked = true;
    if (live?.contains(box) && ![...form.querySelectorAll("input[type=hidden]")].some((one) => one.value === box.value)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: box.name, value: box.value });
      form.prepend(field);
    }
    keep();
  });

  // --- A lost connection: the page stays, with all that was typed
  const lost = document.getElementById("lost");
  let isSure = false;
  form.addEventListener("submit", async (event) => {
    if (isSure) return;
    event.preventDefault();
    const button = event.submitter;
    if (await isOnline()) {
      isSure = true;
      lost.hidden = true;
      form.requestSubmit(button);
      setTimeout(() => { isSure = false; }, 3000);
    } else {
      lost.textContent = form.dataset.lost;
      lost.hidden = false;
      lost.scrollIntoView({ block: "nearest" });
    }
  });
  async function isOnline() {
    if (!navigator.onLine) return false;
    try {
      const limit = new AbortController();
      setTimeout(() => limit.abort(), 8000);
      await fetch(form.dataset.alive, { method: "HEAD", cache: "no-store", signal: limit.signal });
      return true;
    } catch {
      return false;
    }
  }
})();
