// Keeps what is being written, for its writer alone, and shows how it reads. Without scripts there is Save and Preview.
"use strict";
(() => {
  const form = document.getElementById("answer-form");
  if (!form) return;
  const EVERY = 5000, PAUSE = 1200, MOST_AT_ONCE = 60000; // milliseconds; bytes that a closing page may still send
  const seen = document.getElementById("kept"), said = document.getElementById("kept-said");
  const live = document.getElementById("live");
  const words = () => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "go" && name !== "csrfmiddlewaretoken")).toString();
  let kept = form.dataset.typed === undefined ? words() : "";
  let isLeaving = false, keeping = null, trouble = "", announced = false, timer, running;

  function tell(text, isTrouble) {
    seen.hidden = false;
    seen.textContent = text;
    seen.classList.toggle("trouble", isTrouble);
    // Every few seconds a new time would drown whatever else is read out: once is enough, and every trouble.
    if (isTrouble ? trouble !== text : !announced || trouble) said.textContent = text;
    announced = true;
    trouble = isTrouble ? text : "";
  }
  // Only what the desk says it has is kept. What may outlive its page has to be small: else the browser refuses it.
  async function send(now, signal) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.keep, { method: "POST", body, signal, keepalive: body.toString().length < MOST_AT_ONCE });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const said = isJson ? (await answer.json()).said : form.dataset.out;
    if (answer.ok && isJson) kept = now;
    tell(said, !answer.ok || !isJson);
  }
  async function keep() {
    const now = words();
    if (now === kept || keeping || isLeaving) return;
    const mine = keeping = { now, stop: new AbortController() };
    try {
      await send(now, mine.stop.signal);
    } catch {
      if (!mine.stop.signal.aborted) tell(form.dataset.lost, true);
    }
    if (keeping === mine) keeping = null;
  }
  setInterval(keep, EVERY);
  // A page that is hidden may be thrown away unasked; one that is seen again tells at once how it stands.
  document.addEventListener("visibilitychange", keep);
  addEventListener("online", keep);
  // The page goes: what was typed in the last seconds goes along, instead of older words that are on their way.
  addEventListener("pagehide", () => {
    if (keeping?.now === words()) return;
    keeping?.stop.abort();
    keeping = null;
    keep();
  });
  form.addEventListener("submit", () => { isLeaving = true; running?.abort(); });
  addEventListener("pageshow", (event) => { if (event.persisted) isLeaving = false; });
  addEventListener("beforeunload", (event) => {
    // Only while something could be lost: it could not be kept.
    if (!isLeaving && (trouble || !navigator.onLine) && words() !== kept) event.preventDefault();
  });

  // --- How it reads, and how readers will see it
  async function look() {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form), signal: running.signal });
      if (!answer.ok) return;
      const made = await answer.text();
      if (live.contains(document.activeElement)) return; // somebody is reading there: their place is not taken away
      // Only what readers see, made safe by the desk; ids of the page stay its own.
      live.innerHTML = made;
      document.getElementById("live-hint").hidden = false;
    } catch { /* the button Preview shows the same */ }
  }
  form.addEventListener("input", () => {
    if (words() !== kept && !trouble) { seen.hidden = false; seen.textContent = form.dataset.typing; }
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
})();
