// The page of a task: the editor, what the compiler says while somebody types, the draft, and what came of a check.
import { Draft } from "./draft";
import { Editor, type File, type Finding } from "./editor";
import { pageTexts, readJson, type Texts } from "./texts";
import type { Trace } from "./trace";
import { attachWaveform } from "./waveform";

const DIAGNOSE_MS = 500;

const texts = pageTexts();

function start(form: HTMLFormElement): void {
  const csrf = document.body.dataset["csrf"] ?? "";
  const where = form.dataset["where"] ?? "";
  const query = form.dataset["query"] ?? "";
  const files = readJson<File[]>(document.getElementById("files")) ?? [["design.sv", ""]];
  const starter = readJson<File[]>(document.getElementById("starter")) ?? [];
  const place = document.getElementById("editor");
  const tabs = document.getElementById("tabs");
  const said = document.getElementById("saved");
  const scope = document.getElementById("diagnosed");
  if (place === null || tabs === null || said === null || scope === null) return;

  const submit = (): void => {
    if (!(document.getElementById("check") as HTMLButtonElement).disabled) form.requestSubmit();
  };
  let diagnosis: Diagnosis | null = null;
  let draft: Draft | null = null;
  const editor: Editor = new Editor(
    {
      place,
      tabs,
      nonce: form.dataset["nonce"] ?? "",
      texts,
      onChange: () => {
        diagnosis?.changed();
        draft?.changed();
      },
      onSubmit: submit,
    },
    files,
  );
  diagnosis = new Diagnosis(`${where}/diagnose${query}`, csrf, editor, said, scope, texts);
  draft = new Draft({
    address: `${where}/draft${query}`,
    csrf,
    revision: Number(form.dataset["revision"] ?? "0"),
    texts,
    said,
    files: () => editor.files,
    isComposing: () => editor.isComposing,
  });
  form.classList.add("ready");

  // Whatever form of this page is sent with files takes them from the editor as it now stands.
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<{ elt: Element; parameters: Record<string, unknown> }>).detail;
    if (detail.elt.querySelector('input[name="files"]') !== null) {
      detail.parameters["files"] = JSON.stringify(editor.files);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      if ((event.target as Element).closest("#run-form") !== null) return;
      event.preventDefault();
      submit();
    }
  });
  document.getElementById("stimulus")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      (document.getElementById("run-form") as HTMLFormElement).requestSubmit();
    }
  });
  attachReset(editor, starter);
  attachVariants(where);
  attachFailures();

  const enhance = (part: Element): void => {
    for (const host of selfAndBelow<HTMLElement>(part, ".waveform")) showTrace(host);
    for (const verdict of selfAndBelow<HTMLElement>(part, ".verdict")) {
      const findings = readJson<Finding[]>(verdict.querySelector("script.findings-data"));
      if (findings !== null) {
        diagnosis?.forget();
        editor.mark(findings);
        linkFindings(verdict, findings, editor);
      }
      if (part !== document.body) announce(verdict);
    }
  };
  enhance(document.body);
  document.addEventListener("htmx:load", (event) => {
    const part = (event as CustomEvent<{ elt: Element }>).detail.elt;
    if (part !== document.body) enhance(part);
  });
}

/** Asks the compiler half a second after the last key. */
class Diagnosis {
  private timer = 0;
  private asked = 0;
  private aborted: AbortController | null = null;

  constructor(
    private readonly address: string,
    private readonly csrf: string,
    private readonly editor: Editor,
    private readonly said: HTMLElement,
    private readonly scope: HTMLElement,
    private readonly texts: Texts,
  ) {}

  changed(): void {
    this.forget();
    this.timer = window.setTimeout(() => void this.ask(), DIAGNOSE_MS);
  }

  /** Whatever was asked before no longer matters. */
  forget(): void {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.aborted?.abort();
    this.aborted = null;
  }

  private async ask(): Promise<void> {
    if (this.editor.isComposing) {
      this.changed();
      return;
    }
    const number = this.asked;
    this.aborted = new AbortController();
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": this.csrf },
        body: JSON.stringify({ files: this.editor.files }),
        signal: this.aborted.signal,
      });
      if (!answer.ok || number !== this.asked) return;
      const { diagnostics, complete } = (await answer.json()) as { diagnostics: Finding[]; complete: boolean };
      if (number !== this.asked) return;
      this.editor.mark(diagnostics);
      this.scope.textContent = complete ? "" : (this.texts["incomplete"] ?? "");
    } catch (error) {
      // Said quietly: the draft's line says it too, and tries again by itself.
      if (!(error instanceof DOMException)) this.said.textContent = this.texts["offline"] ?? "";
    }
  }
}

function showTrace(host: HTMLElement): void {
  const source = host.parentElement?.querySelector("script.trace-data") ?? null;
  const trace = readJson<Trace>(source);
  if (trace !== null && host.childElementCount === 0) attachWaveform(host, trace, texts);
}

/** Make the places of findings lead to their lines. */
function linkFindings(verdict: HTMLElement, findings: Finding[], editor: Editor): void {
  verdict.querySelectorAll<HTMLElement>(".findings .place").forEach((place, index) => {
    const finding = findings[index];
    if (finding === undefined || finding.line < 1 || !editor.has(finding.file)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "place";
    button.textContent = place.textContent;
    button.addEventListener("click", () => editor.goTo(finding.file, finding.line, finding.column));
    place.replaceWith(button);
  });
}

/** Tell those who do not see the page what came of it, in one sentence and not the whole picture. */
function announce(verdict: HTMLElement): void {
  const region = document.getElementById("announce");
  if (region === null) return;
  const heading = verdict.querySelector("h2")?.textContent ?? "";
  const sentence = verdict.querySelector(".explanation, p")?.textContent ?? "";
  region.textContent = [heading, sentence].filter((text) => text !== "").join(". ");
}

function attachReset(editor: Editor, starter: File[]): void {
  const dialog = document.getElementById("reset-dialog") as HTMLDialogElement | null;
  document.getElementById("reset")?.addEventListener("click", () => dialog?.showModal());
  dialog?.addEventListener("close", () => {
    if (dialog.returnValue === "reset" && starter.length > 0) editor.replace(starter);
    dialog.returnValue = "";
    editor.focus();
  });
}

function attachVariants(where: string): void {
  const select = document.getElementById("variant") as HTMLSelectElement | null;
  document.getElementById("variant-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = select?.value ?? "";
    window.location.assign(number === "" ? where : `${where}?variant=${encodeURIComponent(number)}`);
  });
}

/** A check or a run that did not reach the hub is said where its answer would have stood. */
function attachFailures(): void {
  document.addEventListener("htmx:sendError", (event) => {
    const { elt, target } = (event as CustomEvent<{ elt: Element; target?: Element }>).detail;
    if (elt.tagName !== "FORM" || target === undefined) return;
    const line = document.createElement("p");
    line.className = "failure";
    line.setAttribute("role", "alert");
    line.textContent = texts["offline"] ?? "";
    target.replaceChildren(line);
  });
}

function selfAndBelow<T extends Element>(part: Element, selector: string): T[] {
  const found = [...part.querySelectorAll<T>(selector)];
  return part.matches(selector) ? [part as unknown as T, ...found] : found;
}

const form = document.getElementById("lab");
if (form instanceof HTMLFormElement) start(form);
// A lecturer's page, or that of an assignment that is over: no editor, but perhaps a trace.
else document.querySelectorAll<HTMLElement>(".waveform").forEach(showTrace);
