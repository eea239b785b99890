// Copy, share and print, where the browser can; without it the address and the mail link stand there all the same.
"use strict";
(() => {
  for (const place of document.querySelectorAll(".share[hidden], .share [hidden]")) {
    if (!place.matches("[data-share]") || navigator.share) place.hidden = false;
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const place = button.closest(".share");
    const field = place && place.querySelector("input");
    if (button.matches("[data-print]")) window.print();
    if (button.matches("[data-share]")) {
      try { await navigator.share({ title: button.dataset.share, url: field.value }); } catch { /* they closed it */ }
    }
    if (button.matches("[data-copy]")) {
      field.select();
      try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
      place.querySelector("[role=status]").textContent = button.dataset.copy;
    }
  });
})();
