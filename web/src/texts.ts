// The texts of a page, which the server writes in the reader's language into <script type="application/json" id="texts">.

export type Texts = Readonly<Record<string, string>>;

export function readJson<T>(element: Element | null): T | null {
  if (element === null) return null;
  try {
    return JSON.parse(element.textContent ?? "") as T;
  } catch {
    return null;
  }
}

export function pageTexts(): Texts {
  return readJson<Texts>(document.getElementById("texts")) ?? {};
}

/** Fill `{name}` in a text. */
export function fill(text: string | undefined, values: Record<string, string | number>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
