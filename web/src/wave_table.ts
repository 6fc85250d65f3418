// The same trace as a table, for those who do not see the picture; made only when it is opened, a page at a time.
import { fill, type Texts } from "./texts";
import { label, valueText, type Group, type Lane } from "./trace";

const PAGE = 50;

/** Add the table, closed, beneath a waveform. */
export function attachTable(host: HTMLElement, groups: Group[], wrong: number, count: number, texts: Texts): void {
  const details = document.createElement("details");
  details.className = "wave-table";
  const summary = document.createElement("summary");
  summary.textContent = texts["wave-table"] ?? "";
  const place = document.createElement("div");
  place.className = "wave-table-scroll";
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", texts["wave-table"] ?? "");
  details.append(summary, place);
  host.append(details);
  const lanes = groups.flatMap((group) => group.lanes).filter((lane) => lane.role !== "clock");
  let first = Math.floor(Math.max(0, wrong) / PAGE) * PAGE;
  const pages = count > PAGE ? pager(count, texts, (step) => turn(step), () => first) : null;
  if (pages !== null) details.insertBefore(pages.bar, place);
  const turn = (step: number): void => {
    first = Math.min(Math.floor((count - 1) / PAGE) * PAGE, Math.max(0, first + step * PAGE));
    place.replaceChildren(table(lanes, first, Math.min(count, first + PAGE), wrong, texts));
    pages?.say();
  };
  details.addEventListener("toggle", () => {
    if (details.open && place.childElementCount === 0) turn(0);
  });
}

function pager(
  count: number,
  texts: Texts,
  turn: (step: number) => void,
  first: () => number,
): { bar: HTMLElement; say: () => void } {
  const bar = document.createElement("p");
  bar.className = "wave-pages";
  const said = document.createElement("output");
  const button = (text: string, name: string | undefined, step: number): HTMLButtonElement => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "wave-button";
    made.textContent = text;
    made.setAttribute("aria-label", name ?? "");
    made.addEventListener("click", () => turn(step));
    return made;
  };
  bar.append(button("←", texts["wave-earlier"], -1), said, button("→", texts["wave-later"], 1));
  const say = (): void => {
    said.textContent = fill(texts["wave-range"], {
      first: first() + 1,
      last: Math.min(count, first() + PAGE),
      count,
    });
  };
  return { bar, say };
}

function table(lanes: Lane[], first: number, end: number, wrong: number, texts: Texts): HTMLTableElement {
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  head.append(heading("col", texts["wave-column-cycle"] ?? ""));
  for (const lane of lanes) {
    const suffix = lane.role === "expected" || lane.role === "got" ? ` ${texts[lane.role] ?? ""}` : "";
    head.append(heading("col", label(lane) + suffix));
  }
  const body = made.createTBody();
  for (let cycle = first; cycle < end; cycle++) {
    const row = body.insertRow();
    if (cycle === wrong) row.className = "wrong";
    row.append(heading("row", String(cycle + 1)));
    for (const lane of lanes) {
      const cell = row.insertCell();
      const value = valueText(lane.values[cycle] ?? "", lane.signed);
      const differs = lane.differs[cycle] === true && lane.role === "got";
      cell.textContent = differs ? `${value} ≠` : value;
      if (differs) cell.className = "differs";
    }
  }
  return made;
}

function heading(scope: string, text: string): HTMLTableCellElement {
  const made = document.createElement("th");
  made.scope = scope;
  made.textContent = text;
  return made;
}
