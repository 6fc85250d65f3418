// Keeping what is in the editor: a draft on the hub, saved shortly after the last key.
import type { File } from "./editor";
import type { Texts } from "./texts";

const PAUSE_MS = 1500;
const LONGEST_MS = 15_000;
const AGAIN_MS = 5000;

export interface DraftOptions {
  address: string;
  csrf: string;
  revision: number;
  texts: Texts;
  said: HTMLElement;
  files: () => File[];
  isComposing: () => boolean;
}

export class Draft {
  private revision: number;
  private timer = 0;
  private since = 0;
  private isDirty = false;
  private isSaving = false;
  private isOver = false;

  constructor(private readonly options: DraftOptions) {
    this.revision = options.revision;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.save(true);
    });
    window.addEventListener("pagehide", () => void this.save(true));
    window.addEventListener("online", () => void this.save());
  }

  /** Something was typed. */
  changed(): void {
    if (this.isOver) return;
    if (!this.isDirty) this.since = Date.now();
    this.isDirty = true;
    this.say("unsaved");
    const wait = Math.max(0, Math.min(PAUSE_MS, this.since + LONGEST_MS - Date.now()));
    this.later(wait);
  }

  private later(wait: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  private async save(isLast = false): Promise<void> {
    if (!this.isDirty || this.isOver || this.isSaving) return;
    if (!isLast && this.options.isComposing()) {
      this.later(PAUSE_MS);
      return;
    }
    window.clearTimeout(this.timer);
    this.isDirty = false;
    this.isSaving = true;
    const body = JSON.stringify({ files: this.options.files(), revision: this.revision });
    let answer: Response | null = null;
    try {
      answer = await fetch(this.options.address, {
        method: "PUT",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRF-Token": this.options.csrf,
        },
        body,
        // Browsers keep such a request alive after the page, if it is short.
        keepalive: isLast && body.length < 60_000,
      });
    } catch {
      answer = null;
    } finally {
      this.isSaving = false;
    }
    await this.heard(answer);
  }

  private async heard(answer: Response | null): Promise<void> {
    if (answer?.ok) {
      const { revision } = (await answer.json()) as { revision: number };
      this.revision = revision;
      if (this.isDirty) this.later(PAUSE_MS);
      else this.say("saved");
      return;
    }
    const isTemporary = answer === null || answer.status >= 500 || answer.status === 429;
    if (isTemporary) {
      this.isDirty = true;
      this.say("offline", true);
      this.later(AGAIN_MS);
      return;
    }
    // Another window's draft is newer, the sign-in has ended, or the text is too long: saving on would not help.
    this.isOver = answer.status === 409 || answer.status === 401 || answer.status === 403;
    let message = this.options.texts["unsaved"] ?? "";
    try {
      const told = (await answer.json()) as { error?: { message?: string } };
      message = told.error?.message ?? message;
    } catch {
      // Not worded as ours: the general text stands.
    }
    this.options.said.textContent = message;
    this.options.said.classList.add("failed");
  }

  private say(key: string, isFailure = false): void {
    this.options.said.textContent = this.options.texts[key] ?? "";
    this.options.said.classList.toggle("failed", isFailure);
  }
}
