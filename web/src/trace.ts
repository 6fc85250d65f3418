// A trace as the server sends it (pages/submissions.py, trace_json), and its values as people read them.

export interface Cycle {
  inputs: Record<string, string>;
  expected: Record<string, string>;
  got: Record<string, string>;
  registers: Record<string, string>;
}

export interface Trace {
  model: string;
  clock: string | null;
  edge: string;
  /** For each cycle whether a clock edge ends it. */
  edges: boolean[];
  failing: string[];
  signed: string[];
  explanation: string;
  cycles: Cycle[];
}

export type Role = "clock" | "input" | "expected" | "got" | "output" | "register";

/** One line of the picture: a signal with a value for each cycle. */
export interface Lane {
  role: Role;
  name: string;
  width: number;
  signed: boolean;
  values: string[];
  /** For each cycle whether the value is not what it should be; only where something was expected. */
  differs: boolean[];
}

export interface Group {
  role: "inputs" | "outputs" | "registers";
  lanes: Lane[];
}

type Part = keyof Cycle;

/** Take a trace apart into lanes; what was expected of an output stands above what came out. */
export function groupsOf(trace: Trace): Group[] {
  const signed = new Set(trace.signed);
  const lane = (part: Part, role: Role, name: string): Lane => {
    const values = trace.cycles.map((cycle) => cycle[part][name] ?? "x");
    return {
      role,
      name,
      width: values.reduce((width, value) => Math.max(width, value.length), 1),
      signed: signed.has(name),
      values,
      differs: values.map(() => false),
    };
  };
  const inputs = namesOf(trace, "inputs").map((name) => lane("inputs", "input", name));
  if (trace.clock !== null && (trace.model === "cycle" || trace.model === "tick")) {
    inputs.unshift(clockLane(trace, trace.clock));
  }
  const outputs: Lane[] = [];
  const last = trace.cycles.length - 1;
  const expected = new Set(namesOf(trace, "expected"));
  for (const name of new Set([...expected, ...namesOf(trace, "got")])) {
    if (!expected.has(name)) {
      outputs.push(lane("got", "output", name));
      continue;
    }
    const should = lane("expected", "expected", name);
    const got = lane("got", "got", name);
    got.differs = got.values.map(
      (value, index) =>
        (index === last && trace.failing.includes(name)) || surelyDiffers(should.values[index] ?? "x", value),
    );
    should.differs = got.differs;
    outputs.push(should, got);
  }
  const registers = namesOf(trace, "registers").map((name) => lane("registers", "register", name));
  const groups: Group[] = [
    { role: "inputs", lanes: inputs },
    { role: "outputs", lanes: outputs },
    { role: "registers", lanes: registers },
  ];
  return groups.filter((group) => group.lanes.length > 0);
}

/** The index of the first cycle in which something is wrong, or -1. */
export function firstWrong(trace: Trace, groups: Group[]): number {
  if (trace.failing.length === 0) return -1;
  const last = trace.cycles.length - 1;
  let first = last;
  for (const group of groups) {
    for (const lane of group.lanes) {
      const at = lane.differs.indexOf(true);
      if (at >= 0 && at < first) first = at;
    }
  }
  return first;
}

/** A value as `value_text` of prove/trace.py writes it. */
export function valueText(bits: string, signed: boolean): string {
  if (bits.length <= 1) return bits;
  if (/^[01]+$/.test(bits)) {
    const value = BigInt("0b" + bits);
    if (signed && bits[0] === "1") return (value - (1n << BigInt(bits.length))).toString();
    if (bits.length <= 16) return value.toString();
    return "0x" + value.toString(16).padStart(Math.ceil(bits.length / 4), "0");
  }
  if (new Set(bits).size === 1) return bits[0] ?? "";
  if (bits.length <= 16) return "0b" + bits;
  const padded = bits.padStart(Math.ceil(bits.length / 4) * 4, "0");
  return "0x" + (padded.match(/.{4}/g) ?? []).map(nibble).join("");
}

/** A name with its range, as it is declared. */
export function label(lane: Lane): string {
  return lane.width > 1 ? `${lane.name}[${lane.width - 1}:0]` : lane.name;
}

function nibble(bits: string): string {
  if (/^[01]+$/.test(bits)) return parseInt(bits, 2).toString(16);
  return new Set(bits).size === 1 ? (bits[0] ?? "?") : "?";
}

function surelyDiffers(expected: string, got: string): boolean {
  for (let index = 0; index < expected.length; index++) {
    const should = expected[index];
    const did = got[index];
    if ((should === "0" && did === "1") || (should === "1" && did === "0")) return true;
  }
  return false;
}

function clockLane(trace: Trace, name: string): Lane {
  // "1": an edge begins the cycle. The first cycle begins without one: before it is the state at power-up.
  const values = trace.cycles.map((_, index) => (index > 0 && (trace.edges[index - 1] ?? true) ? "1" : "0"));
  return { role: "clock", name, width: 1, signed: false, values, differs: values.map(() => false) };
}

function namesOf(trace: Trace, part: Part): string[] {
  const names = new Set<string>();
  for (const cycle of trace.cycles) for (const name of Object.keys(cycle[part])) names.add(name);
  return [...names];
}
