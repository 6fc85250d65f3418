// The editor of the lab: one CodeMirror document for each file, with tabs where there are several.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { verilog } from "@codemirror/legacy-modes/mode/verilog";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, type Extension, type Transaction } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { fill, type Texts } from "./texts";

/** A file's name and text. */
export type File = [string, string];

/** What the compiler says of a place in a file; lines and columns begin at 1, 0 means none. */
export interface Finding {
  code: string;
  severity: string;
  message: string;
  file: string;
  line: number;
  column: number;
}

interface Document {
  name: string;
  state: EditorState;
  tab: HTMLButtonElement | null;
}

export interface EditorOptions {
  place: HTMLElement;
  tabs: HTMLElement;
  nonce: string;
  texts: Texts;
  onChange: () => void;
  onSubmit: () => void;
}

// Dark enough for 4.5:1 on the editor's white, and told apart by weight and slope as well as by colour.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "#0b4f8a", fontWeight: "600" },
  { tag: tags.comment, color: "#5a6a62", fontStyle: "italic" },
  { tag: tags.number, color: "#7c3a00" },
  { tag: tags.string, color: "#8a1c4a" },
  { tag: tags.meta, color: "#5b3a8c" },
  { tag: tags.operator, color: "#16211b" },
]);

export class Editor {
  private readonly view: EditorView;
  private documents: Document[] = [];
  private shown = 0;
  private findings: Finding[] = [];
  private stale = false;

  constructor(
    private readonly options: EditorOptions,
    files: File[],
  ) {
    // The nonce must be there from the first: CodeMirror adds its styles as soon as there is a view.
    this.view = new EditorView({
      parent: options.place,
      state: EditorState.create({ extensions: EditorView.cspNonce.of(options.nonce) }),
    });
    this.open(files);
    options.tabs.addEventListener("keydown", (event) => this.tabKey(event));
  }

  /** All files as they now stand. */
  get files(): File[] {
    return this.documents.map((document, index) => [
      document.name,
      (index === this.shown ? this.view.state : document.state).doc.toString(),
    ]);
  }

  /** Whether an input method is in the middle of a word. */
  get isComposing(): boolean {
    return this.view.composing || this.view.compositionStarted;
  }

  get hasFocus(): boolean {
    return this.view.hasFocus;
  }

  focus(): void {
    this.view.focus();
  }

  /** Put other contents in; what was there can be brought back by undoing where the names are the same. */
  replace(files: File[]): void {
    this.mark([]);
    const isSame =
      files.length === this.documents.length && files.every(([name], index) => name === this.documents[index]?.name);
    if (!isSame) {
      this.open(files);
    } else {
      files.forEach(([, text], index) => {
        this.show(index);
        this.view.dispatch({
          changes: { from: 0, to: this.view.state.doc.length, insert: text },
          // Undone by itself, not together with what was typed just before.
          annotations: isolateHistory.of("full"),
        });
      });
      this.show(0);
    }
    this.options.onChange();
  }

  /** Show findings at their lines; those of another file are counted at its tab. */
  mark(findings: Finding[]): void {
    this.findings = findings;
    if (this.isComposing) {
      // Changing the text's surroundings now would disturb the input method.
      this.stale = true;
      return;
    }
    this.stale = false;
    this.documents.forEach((document, index) => {
      const own = findings.filter((finding) => finding.file === document.name && finding.line > 0);
      if (index === this.shown) {
        this.view.dispatch(setDiagnostics(this.view.state, own.map((finding) => placed(finding, this.view.state))));
      } else {
        const diagnostics = own.map((finding) => placed(finding, document.state));
        document.state = document.state.update(setDiagnostics(document.state, diagnostics)).state;
      }
      this.labelTab(document, own.length);
    });
  }

  /** Put the cursor where a finding is. */
  goTo(file: string, line: number, column: number): void {
    const index = this.documents.findIndex((document) => document.name === file);
    if (index < 0) return;
    this.show(index);
    const { from } = placed({ file, line, column, code: "", severity: "", message: "" }, this.view.state);
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }

  has(file: string): boolean {
    return this.documents.some((document) => document.name === file);
  }

  private open(files: File[]): void {
    const { tabs, texts } = this.options;
    tabs.replaceChildren();
    tabs.hidden = files.length < 2;
    this.documents = files.map(([name, text], index) => {
      const state = EditorState.create({ doc: text, extensions: this.extensions(name) });
      if (files.length < 2) return { name, state, tab: null };
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `tab-${index}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", this.options.place.id);
      tab.addEventListener("click", () => this.show(index));
      tabs.append(tab);
      return { name, state, tab };
    });
    if (files.length >= 2) {
      tabs.setAttribute("aria-label", texts["files"] ?? "");
      this.options.place.setAttribute("role", "tabpanel");
    }
    for (const document of this.documents) this.labelTab(document, 0);
    this.shown = 0;
    const first = this.documents[0];
    if (first !== undefined) this.view.setState(first.state);
    this.markTabs();
  }

  private show(index: number): void {
    const next = this.documents[index];
    const now = this.documents[this.shown];
    if (next === undefined || now === undefined || index === this.shown) return;
    now.state = this.view.state;
    this.shown = index;
    this.view.setState(next.state);
    this.markTabs();
  }

  private markTabs(): void {
    this.documents.forEach(({ tab }, index) => {
      tab?.setAttribute("aria-selected", String(index === this.shown));
      if (tab !== null) tab.tabIndex = index === this.shown ? 0 : -1;
      if (index === this.shown && tab !== null) this.options.place.setAttribute("aria-labelledby", tab.id);
    });
  }

  private labelTab(document: Document, count: number): void {
    if (document.tab === null) return;
    document.tab.textContent = count > 0 ? `${document.name} (${count})` : document.name;
    document.tab.classList.toggle("found", count > 0);
  }

  private tabKey(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = (this.shown + step + this.documents.length) % this.documents.length;
    this.show(index);
    this.documents[index]?.tab?.focus();
  }

  private extensions(name: string): Extension {
    const { texts, nonce, onSubmit } = this.options;
    const submit = (): boolean => {
      onSubmit();
      return true;
    };
    return [
      Prec.highest(
        keymap.of([
          { key: "Mod-Enter", run: submit },
          { key: "Ctrl-Enter", run: submit },
        ]),
      ),
      EditorView.cspNonce.of(nonce),
      EditorState.phrases.of(phrasesOf(texts)),
      lineNumbers(),
      lintGutter(),
      highlightSpecialChars(),
      history(),
      // The browser's own selection on phones, whose handles work only with it.
      matchMedia("(pointer: coarse)").matches ? [] : drawSelection(),
      StreamLanguage.define(verilog),
      syntaxHighlighting(colours),
      syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches({ minSelectionLength: 2 }),
      search({ top: true }),
      // Escape, then Tab, leaves the editor: CodeMirror's own rule, said beneath it.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
      EditorView.contentAttributes.of({
        // Said although it is so: whatever looks for it finds that the scrolled part can be reached by keyboard.
        tabindex: "0",
        "aria-label": fill(texts["editor-of"], { name }),
        "aria-describedby": "editor-keys",
      }),
      EditorView.domEventHandlers({ beforeinput: typedOver }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.options.onChange();
        if (this.stale && !this.isComposing) {
          this.stale = false;
          queueMicrotask(() => this.mark(this.findings));
        }
      }),
    ];
  }
}

/**
 * Replace a selection by what is typed, before the browser does: it would keep the look of the old text by style
 * attributes, which the pages' policy forbids. Input methods are left alone.
 */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection;
  const text = event.data;
  if (event.inputType !== "insertText" || event.isComposing || view.composing || main.empty || text === null) return false;
  const insert = (): Transaction =>
    view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handler) => handler(view, main.from, main.to, text, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
}

function placed(finding: Finding, state: EditorState): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, finding.line), state.doc.lines));
  const from = Math.min(line.from + Math.max(0, finding.column - 1), line.to);
  const word = /^[\w$`]+/.exec(state.doc.sliceString(from, line.to))?.[0].length ?? 0;
  const severity = finding.severity === "error" ? "error" : finding.severity === "warning" ? "warning" : "info";
  return { from, to: Math.min(line.to, from + Math.max(1, word)), severity, message: finding.message, source: finding.code };
}

/** CodeMirror's own few words, in the reader's language. */
function phrasesOf(texts: Texts): Record<string, string> {
  const keys: Record<string, string> = {
    Find: "cm-find",
    Replace: "cm-replace",
    next: "cm-next",
    previous: "cm-previous",
    all: "cm-all",
    "match case": "cm-case",
    "by word": "cm-word",
    regexp: "cm-regexp",
    replace: "cm-replace-one",
    "replace all": "cm-replace-all",
    close: "cm-close",
    "Go to line": "cm-line",
    go: "cm-go",
    Diagnostics: "cm-diagnostics",
    "No diagnostics": "cm-no-diagnostics",
    "current match": "cm-current",
    "on line": "cm-on-line",
  };
  const phrases: Record<string, string> = {};
  for (const [phrase, key] of Object.entries(keys)) {
    const text = texts[key];
    if (text !== undefined) phrases[phrase] = text;
  }
  return phrases;
}
