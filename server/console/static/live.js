// Keeps what is marked by data-live up to date, and loads the page anew once it has ended.
import { pause } from "./console.js";

const PACE = 700;

async function follow() {
  let box = document.querySelector("#live[data-live]");
  while (box) {
    await pause(PACE);
    if (document.hidden) continue;
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#live");
    if (!fresh?.hasAttribute("data-live")) return location.reload();
    if (fresh.textContent !== box.textContent) box.replaceChildren(...fresh.childNodes);
  }
}

follow();
