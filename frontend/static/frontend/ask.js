// Makes asking better where scripts run; without them every step works all the same.
"use strict";
(() => {
  const live = document.getElementById("live");
  const text = document.getElementById("ask-text");
  if (live && text) {
    let timer, last = "";
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 600);
    });
    async function look() {
      const words = text.value.trim();
      if (words.length < 15 || words === last) return;
      last = words;
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      try {
        const answer = await fetch("/api/v1/suggestions", {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token },
          body: JSON.stringify({ text: words.slice(0, 10000) }),
        });
        if (answer.ok && text.value.trim() === words) show(await answer.json());
      } catch { /* the next step shows the same */ }
    }
    function show(found) {
      live.replaceChildren();
      if (found.nothing_relevant || !found.answers.length) return;
      const title = document.createElement("p");
      title.textContent = live.dataset.title;
      const list = document.createElement("ul");
      for (const one of found.answers.slice(0, 3)) {
        const link = document.createElement("a");
        link.href = one.url;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = one.title;
        link.addEventListener("click", () => remember(one.number));
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
      live.append(title, list);
    }
    function remember(number) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "read", value: number });
      text.form.append(field);
    }
  }
  for (const link of document.querySelectorAll("a[data-reads]")) {
    link.addEventListener("click", () => {
      const box = document.getElementById(`read-${link.dataset.reads}`);
      if (box) box.checked = true;
    });
  }
})();
