// Zoom, pan and expanding of the graph of lineage. Without it the graph is whole, and links work.

const SMALLEST = 0.15;
const LARGEST = 2.5;
const COMFORTABLE = 0.72;

class Graph {
  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector("svg");
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.whole = { width, height };
    this.root = { x: Number(figure.dataset.rootX), y: Number(figure.dataset.rootY) };
    this.svg.setAttribute("preserveAspectRatio", "xMinYMin meet");
    this.svg.removeAttribute("width");
    this.svg.removeAttribute("height");
    figure.style.setProperty("--tall", `${height}px`);
    figure.classList.add("live");
    figure.querySelector(".zoom").hidden = false;
    this.begin();
    this.listen();
    new ResizeObserver(() => this.show()).observe(this.svg);
  }

  get room() {
    return { width: this.svg.clientWidth, height: this.svg.clientHeight };
  }

  get fitting() {
    return Math.min(this.room.width / this.whole.width, this.room.height / this.whole.height, 1);
  }

  /** All of it where it can be read so, else what lies around the node that was asked for. */
  begin() {
    if (this.fitting >= COMFORTABLE) return this.all();
    this.scale = COMFORTABLE;
    this.centre(this.root);
  }

  all() {
    this.scale = this.fitting;
    this.centre({ x: this.whole.width / 2, y: this.whole.height / 2 });
  }

  centre({ x, y }) {
    this.x = x - this.room.width / this.scale / 2;
    this.y = y - this.room.height / this.scale / 2;
    this.show();
  }

  show() {
    const { width, height } = this.room;
    if (width === 0) return;
    this.svg.setAttribute("viewBox", `${this.x} ${this.y} ${width / this.scale} ${height / this.scale}`);
  }

  zoom(factor, at = { x: this.room.width / 2, y: this.room.height / 2 }) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x += at.x / this.scale - at.x / scale;
    this.y += at.y / this.scale - at.y / scale;
    this.scale = scale;
    this.show();
  }

  pan(x, y) {
    this.x += x / this.scale;
    this.y += y / this.scale;
    this.show();
  }

  listen() {
    const { figure } = this;
    figure.addEventListener("keydown", (event) => this.key(event));
    figure.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    figure.addEventListener("pointerdown", (event) => this.grab(event));
    figure.addEventListener("focusin", (event) => this.reveal(event.target));
    figure.addEventListener("click", (event) => this.click(event));
    figure.querySelector(".zoom").addEventListener("click", (event) => this.button(event));
    for (const name of ["pointerover", "focusin"]) {
      figure.addEventListener(name, (event) => this.mark(event.target.closest?.(".node")));
    }
    figure.addEventListener("pointerleave", () => this.mark(null));
    figure.addEventListener("focusout", () => this.mark(null));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (event.key in moves) this.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.all();
    else return;
    event.preventDefault();
  }

  /** With Ctrl, or by pinching, it zooms; without, the page scrolls as it always does. */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const edge = this.svg.getBoundingClientRect();
    const at = { x: event.clientX - edge.left, y: event.clientY - edge.top };
    this.zoom(Math.exp(-event.deltaY / 300), at);
  }

  grab(event) {
    if (event.button !== 0 || event.target.closest(".zoom")) return;
    let { clientX: x, clientY: y } = event;
    let moved = false;
    const drag = (move) => {
      if (!moved && Math.hypot(move.clientX - x, move.clientY - y) < 4) return;
      moved = true;
      this.figure.classList.add("held");
      this.pan(x - move.clientX, y - move.clientY);
      [x, y] = [move.clientX, move.clientY];
    };
    const drop = () => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      this.figure.classList.remove("held");
      // A drag that ends over a node is no click on it.
      if (moved) this.dragged = performance.now();
    };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  }

  click(event) {
    if (performance.now() - (this.dragged ?? -1000) < 80) {
      event.preventDefault();
      return;
    }
    const more = event.target.closest("a.more");
    if (more && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      expand(more.href.baseVal ?? more.getAttribute("href"), more.closest(".node").dataset.id);
    }
  }

  button(event) {
    const wanted = event.target.closest("button")?.dataset.zoom;
    if (wanted === "in") this.zoom(1.25);
    if (wanted === "out") this.zoom(0.8);
    if (wanted === "all") this.all();
  }

  /** A node that is reached by the keyboard is brought into sight. */
  reveal(target) {
    const node = target.closest(".node");
    if (!node || !target.matches(":focus-visible")) return;
    const box = node.getBoundingClientRect();
    const edge = this.svg.getBoundingClientRect();
    const inside = box.left >= edge.left && box.right <= edge.right && box.top >= edge.top && box.bottom <= edge.bottom;
    if (!inside) {
      this.pan(box.left + box.width / 2 - edge.left - edge.width / 2, box.top + box.height / 2 - edge.top - edge.height / 2);
    }
  }

  /** The edges of a node stand out while it is looked at. */
  mark(node) {
    for (const edge of this.svg.querySelectorAll(".edge.near")) edge.classList.remove("near");
    if (!node) return;
    for (const edge of this.svg.querySelectorAll(".edge")) {
      edge.classList.toggle("near", [edge.dataset.from, edge.dataset.to].includes(node.dataset.id));
    }
  }
}

let graph = null;

function draw() {
  const figure = document.querySelector("#lineage");
  if (figure) graph = new Graph(figure);
}

/** Loads the page with a node opened, and puts its graph and table in place of these. */
async function expand(address, id) {
  const place = document.querySelector("#graph");
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.closest(".stack").replaceWith(document.adoptNode(page.querySelector("#graph").closest(".stack")));
    if (location.pathname === new URL(address, location.href).pathname) history.replaceState(null, "", address);
    draw();
    const node = [...document.querySelectorAll("#lineage .node")].find((each) => each.dataset.id === id);
    const at = node?.getAttribute("transform").match(/translate\((-?\d+) (-?\d+)\)/);
    if (at && graph.fitting < COMFORTABLE) graph.centre({ x: Number(at[1]) + 108, y: Number(at[2]) + 26 });
    node?.querySelector("a").focus({ preventScroll: true });
  } catch {
    location.assign(address);
  }
}

draw();
