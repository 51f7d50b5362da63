/** How a hook that was started came to its end. */

export type HookEnd =
  | { readonly kind: "ended"; readonly exit: number; readonly stdout: string; readonly stderr: string }
  /** By a signal: its own crash, or ours. */
  | { readonly kind: "killed" }
  /** It had not answered when it was no longer waited for. */
  | { readonly kind: "late" }
  | { readonly kind: "not-started"; readonly why: string };
