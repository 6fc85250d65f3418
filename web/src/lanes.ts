// One lane of a waveform as SVG: levels, buses as hexagons, unknown, open and undriven values.
//
// Nothing is said by colour alone: what is unknown is hatched, what depends on inputs that do not matter is dotted,
// what nothing drives is a dashed line, and what differs has a thick outline, its own hatching and a sign.
import { valueText, type Lane } from "./trace";

/** The part of the trace in sight. */
export interface Window {
  first: number;
  end: number;
  left: number;
  width: number;
  cell: number;
  prefix: string;
}

type Attributes = Record<string, string | number>;

const SVG = "http://www.w3.org/2000/svg";
const CHARACTER = 7.3;

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  text?: string,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The hatchings; a page may hold several waveforms, so their names begin with a prefix. */
export function patterns(prefix: string): SVGElement {
  const made = svg("defs");
  const pattern = (name: string, size: number, path: string): void => {
    const tile = svg("pattern", { id: `${prefix}-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" });
    tile.append(svg("rect", { class: `wave-tile ${name}`, width: size, height: size }));
    tile.append(svg("path", { class: `wave-hatch ${name}`, d: path }));
    made.append(tile);
  };
  pattern("unknown", 7, "M-1 1 L1 -1 M0 7 L7 0 M6 8 L8 6");
  pattern("open", 6, "M1 3 H3");
  pattern("differs", 6, "M0 0 L6 6 M5 -1 L7 1 M-1 5 L1 7");
  return made;
}

/** Draw the cycles of a lane that are in sight; equal neighbours are one shape. */
export function drawLane(lane: Lane, top: number, height: number, window: Window): SVGElement {
  const group = svg("g", { class: `wave-lane ${lane.role}` });
  if (lane.role === "clock") {
    group.append(clock(lane, top, height, window));
    return group;
  }
  const lines: string[] = [];
  let before = "";
  for (let start = window.first; start < window.end; ) {
    let end = start + 1;
    while (end < window.end && lane.values[end] === lane.values[start] && lane.differs[end] === lane.differs[start]) end++;
    const from = start * window.cell - window.left;
    const to = end * window.cell - window.left;
    const level = levelOf(lane, start);
    const differs = lane.differs[start] === true;
    if (differs) group.append(mark(from, to, top, height, window, lane.role));
    if (level === "0" || level === "1") {
      const y = level === "1" ? top : top + height;
      if (lines.length > 0 && (before === "0" || before === "1")) lines.push(`L${from} ${y} H${to}`);
      else lines.push(`M${from} ${y} H${to}`);
    } else if (level === "z") {
      group.append(svg("path", { class: "wave-undriven", d: `M${from} ${top + height / 2} H${to}` }));
    } else {
      group.append(box(from, to, top, height, differs && lane.role === "got" ? "≠" : level, lane.width > 1, window));
    }
    const text = lane.width > 1 || level === "z" ? valueText(lane.values[start] ?? "", lane.signed) : level === "x" || level === "-" ? level : "";
    if (text) group.append(...written(text, from, to, top + height / 2 + 4, window));
    if (differs && lane.role === "got" && to - from >= 12) {
      group.append(svg("text", { class: "wave-sign", x: Math.min(to, window.width) - 4, y: lane.width > 1 ? top + 6 : top + height / 2 + 4 }, "≠"));
    }
    before = level;
    start = end;
  }
  if (lines.length > 0) group.append(svg("path", { class: "wave-line", d: lines.join(" ") }));
  return group;
}

/** "0", "1", "z", "x", "-" as what the whole value is, "=" for a definite bus, "?" for one that is partly open. */
function levelOf(lane: Lane, index: number): string {
  const value = lane.values[index] ?? "x";
  if (lane.width === 1) return value;
  if (/^[01]+$/.test(value)) return "=";
  return new Set(value).size === 1 ? (value[0] ?? "x") : "?";
}

function clock(lane: Lane, top: number, height: number, window: Window): SVGElement {
  const parts: string[] = [];
  for (let cycle = window.first; cycle < window.end; cycle++) {
    const from = cycle * window.cell - window.left;
    const half = from + window.cell / 2;
    const low = top + height;
    if (parts.length === 0) parts.push(`M${from} ${low}`);
    if (lane.values[cycle] === "1") parts.push(`V${top} H${half} V${low} H${from + window.cell}`);
    else parts.push(`H${from + window.cell}`);
  }
  return svg("path", { class: "wave-line", d: parts.join(" ") });
}

function mark(from: number, to: number, top: number, height: number, window: Window, role: string): SVGElement {
  return svg("rect", {
    class: `wave-differs ${role}`,
    x: from + 1,
    y: top - 2,
    width: Math.max(2, to - from - 2),
    height: height + 4,
    fill: role === "got" ? `url(#${window.prefix}-differs)` : "none",
  });
}

function box(from: number, to: number, top: number, height: number, level: string, isBus: boolean, window: Window): SVGElement {
  const slope = isBus ? Math.min(5, (to - from) / 4) : 0;
  const middle = top + height / 2;
  const low = top + height;
  const shape = `M${from} ${middle} L${from + slope} ${top} H${to - slope} L${to} ${middle} L${to - slope} ${low} H${from + slope} Z`;
  const names: Record<string, string> = { x: "unknown", "-": "open", "?": "unknown", "≠": "differs" };
  const name = names[level];
  return svg("path", {
    class: `wave-box ${name ?? "definite"}`,
    d: isBus ? shape : `M${from} ${top} H${to} V${low} H${from} Z`,
    ...(name === undefined ? {} : { fill: `url(#${window.prefix}-${name})` }),
  });
}

/** A value in the middle of what is in sight of its shape, if it fits there. */
function written(text: string, from: number, to: number, y: number, window: Window): SVGElement[] {
  const left = Math.max(from, 0);
  const right = Math.min(to, window.width);
  const room = Math.floor((right - left - 8) / CHARACTER);
  if (room < 1 || (room < text.length && room < 3)) return [];
  const shown = text.length <= room ? text : text.slice(0, room - 1) + "…";
  return [svg("text", { class: "wave-text", x: (left + right) / 2, y }, shown)];
}
