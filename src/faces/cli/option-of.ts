import type { Question } from "../../core/records/decision.ts";
import { plain, shellWord } from "./plain-text.ts";

/** The words of `belay reconcile` that make a choice, as a shell takes them: `--set start='2026-05-30 15:30'`, `--keep g/a.html`. */
export const optionOf = (about: Question["about"], name: string, answer: string): string =>
  about === "survivor" ? `--keep ${shellWord(plain(answer))}` : `--set ${shellWord(name)}=${shellWord(plain(answer))}`;
