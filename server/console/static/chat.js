// The chat drawer: asks by events, shows what is done meanwhile, and goes on from page to page.
import { ask } from "./console.js";

const drawer = document.querySelector("#chat");
const button = document.querySelector("#chat-button");

if (drawer && button) {
  const kept = sessionStorage;
  const log = drawer.querySelector(".messages");
  const form = drawer.querySelector("form");
  const field = form.elements.message;
  const greeting = log.innerHTML;
  const address = drawer.dataset.address;

  const open = (shown, focus = true) => {
    drawer.hidden = !shown;
    document.body.classList.toggle("chatting", shown);
    button.setAttribute("aria-expanded", String(shown));
    if (shown) kept.setItem("chat", "open"); else kept.removeItem("chat");
    if (focus) (shown ? field : button).focus();
    if (shown) restore();
  };

  const add = (role, ...children) => {
    const message = document.createElement("article");
    message.className = `message ${role}`;
    message.append(...children);
    log.append(message);
    log.scrollTop = log.scrollHeight;
    return message;
  };

  const paragraph = (text, name = "") => {
    const made = document.createElement("p");
    made.className = name;
    made.textContent = text;
    return made;
  };

  const doing = (name, data) => {
    if (name === "route") return data.agent === "none" ? "Thinking …" : `Asking the ${data.agent.replaceAll("_", " ")} …`;
    if (name === "step") return `${String(data.tool ?? "Working").replaceAll("_", " ")} …`;
    return null;
  };

  let restored = false;
  const restore = async () => {
    if (restored) return;
    restored = true;
    const thread = kept.getItem("thread");
    if (!thread) return;
    const answer = await ask(`${address}/messages?${new URLSearchParams({ thread })}`).catch(() => null);
    const html = answer?.ok ? (await answer.text()).trim() : "";
    if (html && !log.querySelector(".message")) log.innerHTML = html; // rendered and escaped by our own server
    log.scrollTop = log.scrollHeight;
  };

  async function* events(answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const lines = part.split("\n");
        const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
        const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (name && data) yield [name, JSON.parse(data)];
      }
    }
  }

  const answerTo = async (text, box) => {
    const given = new URLSearchParams({ message: text });
    const thread = kept.getItem("thread");
    if (thread) given.set("thread", thread);
    const answer = await ask(`${address}/events`, { method: "POST", body: given, headers: { Accept: "text/event-stream" } });
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? "No answer. Try again.");
    for await (const [name, data] of events(answer)) {
      if (name === "thread") kept.setItem("thread", data.thread_id);
      if (name === "error") throw new Error(data.detail);
      const told = doing(name, data);
      if (told) box.querySelector(".working span:last-child").textContent = told;
      if (name === "done") {
        const shown = document.createElement("div");
        shown.className = "prose";
        shown.innerHTML = data.html; // rendered and escaped by our own server
        box.replaceChildren(shown);
        box.scrollIntoView({ block: "nearest" });
      }
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || form.dataset.busy) return;
    form.dataset.busy = "yes";
    if (!log.querySelector(".message")) log.replaceChildren();
    field.value = "";
    add("user", paragraph(text));
    const working = paragraph("", "working");
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    const said = document.createElement("span");
    said.textContent = "Thinking …";
    working.append(spinner, said);
    const box = add("headwater", working);
    try {
      await answerTo(text, box);
    } catch (error) {
      box.replaceChildren(paragraph(error.message, "bad"));
      field.value ||= text;
    }
    delete form.dataset.busy;
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });
  drawer.querySelector("[data-close]").addEventListener("click", () => open(false));
  drawer.querySelector("[data-new]").addEventListener("click", () => {
    kept.removeItem("thread");
    log.innerHTML = greeting;
    field.focus();
  });
  button.setAttribute("role", "button");
  button.setAttribute("aria-controls", "chat");
  button.addEventListener("click", (event) => { event.preventDefault(); open(drawer.hidden); });
  button.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); button.click(); } });
  open(kept.getItem("chat") === "open" && innerWidth >= 1250, false);
}
