// A trace as a waveform: only the cycles in sight are drawn, so that thousands stay usable.
import { drawLane, patterns, svg, type Window } from "./lanes";
import { fill, type Texts } from "./texts";
import { firstWrong, groupsOf, label, valueText, type Group, type Lane, type Trace } from "./trace";
import { attachTable } from "./wave_table";

const ROW = 28;
const HEAD = 24;
const GROUP = 22;
const CHARACTER = 7.3;
const NARROWEST = 5;
const WIDEST = 260;
const ZOOM = 1.4;

interface Row {
  top: number;
  lane: Lane | null;
  title: string;
}

let drawn = 0;

/** Turn an element into the waveform of a trace. */
export function attachWaveform(host: HTMLElement, trace: Trace, texts: Texts): void {
  if (trace.cycles.length === 0) return;
  const groups = groupsOf(trace);
  const wrong = firstWrong(trace, groups);
  host.replaceChildren();
  host.setAttribute("role", "group");
  const picture = new Picture(host, trace, groups, wrong, texts);
  attachTable(host, groups, wrong, trace.cycles.length, texts);
  picture.show();
}

class Picture {
  private readonly rows: Row[];
  private readonly height: number;
  private readonly count: number;
  private readonly names: SVGSVGElement;
  private readonly view: SVGSVGElement;
  private readonly scroller: HTMLDivElement;
  private readonly sheet: HTMLDivElement;
  private readonly readout: HTMLOutputElement;
  private readonly prefix: string;
  private readonly usual: number;
  private readonly longest: number;
  private cell: number;
  private cursor: number;
  private pending = 0;

  constructor(
    private readonly host: HTMLElement,
    trace: Trace,
    private readonly groups: Group[],
    private readonly wrong: number,
    private readonly texts: Texts,
  ) {
    this.prefix = `wave${++drawn}`;
    this.count = trace.cycles.length;
    this.cursor = wrong >= 0 ? wrong : this.count - 1;
    this.rows = rowsOf(groups, texts);
    this.height = (this.rows.at(-1)?.top ?? HEAD) + ROW + 6;
    const longest = longestValue(groups);
    // Wide enough for most values, narrow enough for a few cycles on a phone.
    this.usual = Math.min(130, Math.max(44, longest * CHARACTER + 18));
    this.cell = this.usual;
    // The same wherever the cursor stands, so that moving it does not move the picture.
    this.longest = this.rows.reduce((length, { title, lane }) => Math.max(length, title.length + (lane === null ? 0 : Math.min(longest, 12) + 1)), 8);

    const tools = element("div", "wave-tools");
    tools.append(
      this.button("−", texts["wave-zoom-out"], () => this.zoom(1 / ZOOM)),
      this.button("+", texts["wave-zoom-in"], () => this.zoom(ZOOM)),
      this.button("↔", texts["wave-fit"], () => this.fit()),
    );
    if (wrong >= 0) {
      const there = this.button(texts["wave-first-wrong"] ?? "", undefined, () => this.goTo(wrong));
      there.classList.add("wave-wrong");
      tools.append(there);
    }
    this.readout = element("output", "wave-readout");
    this.readout.setAttribute("aria-live", "polite");
    tools.append(this.readout);

    const frame = element("div", "wave-frame");
    this.names = svg("svg", { class: "wave-names", "aria-hidden": "true", height: this.height });
    this.scroller = element("div", "wave-scroll");
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "group");
    this.scroller.setAttribute(
      "aria-label",
      `${host.getAttribute("aria-label") ?? ""} ${texts["wave-keys"] ?? ""}`.trim(),
    );
    this.sheet = element("div", "wave-sheet");
    this.view = svg("svg", { class: "wave-view", "aria-hidden": "true", height: this.height });
    this.sheet.append(this.view);
    this.scroller.append(this.sheet);
    frame.append(this.names, this.scroller);
    const keys = element("p", "wave-help");
    keys.textContent = texts["wave-keys"] ?? "";
    host.append(tools, frame, keys);

    this.scroller.addEventListener("scroll", () => this.later(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.scroller.addEventListener("click", (event) => this.point(event));
    new ResizeObserver(() => this.later()).observe(this.scroller);
  }

  show(): void {
    this.drawNames();
    const room = this.scroller.clientWidth / this.count;
    // A short trace may fill the place there is, within reason.
    if (room > this.cell) this.cell = Math.min(room * 0.98, this.usual * 1.6);
    this.layOut();
    this.goTo(this.cursor);
    this.readout.textContent = "";
  }

  private button(text: string, name: string | undefined, act: () => void): HTMLButtonElement {
    const made = element("button", "wave-button");
    made.type = "button";
    made.textContent = text;
    if (name !== undefined) {
      made.title = name;
      made.setAttribute("aria-label", name);
    }
    made.addEventListener("click", act);
    return made;
  }

  private layOut(): void {
    this.sheet.style.width = `${Math.ceil(this.count * this.cell)}px`;
    this.sheet.style.height = `${this.height}px`;
    this.later();
  }

  private later(): void {
    if (this.pending === 0) this.pending = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.pending = 0;
    const width = this.scroller.clientWidth;
    if (width === 0) return;
    const left = this.scroller.scrollLeft;
    const first = Math.max(0, Math.floor(left / this.cell) - 1);
    const end = Math.min(this.count, Math.ceil((left + width) / this.cell) + 1);
    const window: Window = { first, end, left, width, cell: this.cell, prefix: this.prefix };
    const parts: SVGElement[] = [patterns(this.prefix)];
    if (this.wrong >= 0) parts.push(this.band(this.wrong, "wave-wrong-band", window));
    parts.push(this.band(this.cursor, "wave-cursor", window), ...this.ruler(window));
    for (const row of this.rows) {
      if (row.lane === null) {
        parts.push(svg("rect", { class: "wave-group", x: 0, y: row.top, width, height: GROUP - 4 }));
      } else {
        parts.push(drawLane(row.lane, row.top + 4, ROW - 8, window));
      }
    }
    this.drawNames();
    this.view.setAttribute("width", String(width));
    this.view.replaceChildren(...parts);
  }

  private drawNames(): void {
    const total = this.host.clientWidth;
    const width = Math.round(Math.min(this.longest * CHARACTER + 16, Math.max(110, total * 0.42)));
    const fits = Math.floor((width - 12) / CHARACTER);
    const parts: SVGElement[] = [];
    for (const row of this.rows) {
      if (row.lane === null) {
        parts.push(svg("rect", { class: "wave-group", x: 0, y: row.top, width, height: GROUP - 4 }));
        parts.push(svg("text", { class: "wave-group-name", x: 6, y: row.top + 13 }, row.title));
        continue;
      }
      const value = cut(this.valueAt(row.lane), Math.max(3, Math.floor(fits * 0.45)));
      const isWrong = row.lane.differs[this.cursor] === true;
      const name = svg("text", { class: `wave-name ${row.lane.role}`, x: 6, y: row.top + ROW / 2 + 4 });
      const room = Math.max(3, fits - value.length - 1);
      // On a narrow screen the range goes first: the role says more.
      const title = row.title.length <= room ? row.title : row.title.replace(/\[\d+:0\]/, "");
      name.append(cut(title, room), svg("title", {}, row.title));
      const shown = svg("text", { class: `wave-value${isWrong ? " differs" : ""}`, x: width - 6, y: row.top + ROW / 2 + 4 });
      shown.append(value);
      parts.push(name, shown);
    }
    this.names.setAttribute("width", String(width));
    this.names.replaceChildren(...parts);
  }

  private valueAt(lane: Lane): string {
    return lane.role === "clock" ? "" : valueText(lane.values[this.cursor] ?? "", lane.signed);
  }

  private band(cycle: number, name: string, window: Window): SVGElement {
    const x = cycle * this.cell - window.left;
    return svg("rect", { class: name, x, y: 0, width: this.cell, height: this.height });
  }

  private ruler(window: Window): SVGElement[] {
    const parts: SVGElement[] = [];
    const every = stepFor((String(this.count).length * CHARACTER + 8) / this.cell);
    for (let cycle = window.first; cycle <= window.end; cycle++) {
      const x = Math.round(cycle * this.cell - window.left) + 0.5;
      if (this.cell >= 10) parts.push(svg("line", { class: "wave-grid", x1: x, y1: HEAD - 4, x2: x, y2: this.height }));
      const isNamed = (cycle + 1) % every === 0 || every === 1;
      if (cycle < this.count && isNamed && cycle !== this.wrong) {
        parts.push(svg("text", { class: "wave-number", x: x + this.cell / 2, y: 14 }, String(cycle + 1)));
      }
    }
    if (this.wrong >= window.first && this.wrong < window.end) {
      const x = (this.wrong + 0.5) * this.cell - window.left;
      parts.push(svg("text", { class: "wave-number differs", x, y: 14 }, `✗${this.wrong + 1}`));
    }
    return parts;
  }

  private zoom(factor: number, anchor?: number): void {
    const width = this.scroller.clientWidth;
    const left = this.scroller.scrollLeft;
    const inSight = this.cursor * this.cell >= left && this.cursor * this.cell <= left + width;
    const at = anchor ?? (inSight ? (this.cursor + 0.5) * this.cell - left : width / 2);
    const cycle = (left + at) / this.cell;
    this.cell = Math.min(WIDEST, Math.max(NARROWEST, this.cell * factor));
    this.layOut();
    this.scroller.scrollLeft = cycle * this.cell - at;
  }

  private fit(): void {
    this.cell = Math.min(this.usual, Math.max(NARROWEST, this.scroller.clientWidth / this.count));
    this.layOut();
    this.reveal();
  }

  private goTo(cycle: number): void {
    this.cursor = Math.min(this.count - 1, Math.max(0, cycle));
    this.reveal();
    this.readout.textContent = this.told();
    this.later();
  }

  /** Scroll just as far as the cursor's cycle needs, with its predecessors beside it where there is room. */
  private reveal(): void {
    const width = this.scroller.clientWidth;
    const start = this.cursor * this.cell;
    const left = this.scroller.scrollLeft;
    if (start + this.cell > left + width) this.scroller.scrollLeft = start + this.cell - width + this.cell / 4;
    else if (start < left) this.scroller.scrollLeft = start - this.cell / 4;
  }

  /** What the cursor stands on, in words. */
  private told(): string {
    const parts = [fill(this.texts["wave-cycle"], { number: this.cursor + 1 })];
    for (const { lanes } of this.groups) {
      for (const lane of lanes) {
        if (lane.role === "clock" || lane.role === "register") continue;
        const value = `${lane.name} = ${this.valueAt(lane)}`;
        if (lane.role === "expected") parts.push(`${value} (${this.texts["expected"] ?? ""})`);
        else if (lane.role === "got") parts.push(`${lane.differs[this.cursor] ? "≠ " : ""}${this.valueAt(lane)} (${this.texts["got"] ?? ""})`);
        else parts.push(value);
      }
    }
    return parts.join(", ");
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientWidth / this.cell) - 1);
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.goTo(this.cursor - 1),
      ArrowRight: () => this.goTo(this.cursor + 1),
      PageUp: () => this.goTo(this.cursor - page),
      PageDown: () => this.goTo(this.cursor + page),
      Home: () => this.goTo(0),
      End: () => this.goTo(this.count - 1),
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      "0": () => this.fit(),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const at = event.clientX - this.scroller.getBoundingClientRect().left;
    this.zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, at);
  }

  private point(event: MouseEvent): void {
    const at = event.clientX - this.scroller.getBoundingClientRect().left + this.scroller.scrollLeft;
    this.goTo(Math.floor(at / this.cell));
  }
}

function rowsOf(groups: Group[], texts: Texts): Row[] {
  const rows: Row[] = [];
  let top = HEAD;
  for (const group of groups) {
    rows.push({ top, lane: null, title: texts[group.role] ?? "" });
    top += GROUP;
    for (const lane of group.lanes) {
      const suffix = lane.role === "expected" || lane.role === "got" ? ` ${texts[lane.role] ?? ""}` : "";
      rows.push({ top, lane, title: label(lane) + suffix });
      top += ROW;
    }
    top += 4;
  }
  return rows;
}

/** How many characters the longest value of a bus has. */
function longestValue(groups: Group[]): number {
  let longest = 2;
  for (const { lanes } of groups) {
    for (const lane of lanes) {
      if (lane.width === 1) continue;
      // Of a long trace a look at some cycles is enough.
      const step = Math.max(1, Math.floor(lane.values.length / 200));
      for (let index = 0; index < lane.values.length; index += step) {
        longest = Math.max(longest, valueText(lane.values[index] ?? "", lane.signed).length);
      }
    }
  }
  return longest;
}

function stepFor(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= least) return digit * power;
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, Math.max(1, length - 1)) + "…";
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
