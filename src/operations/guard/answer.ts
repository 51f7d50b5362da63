/** What the guard says to one hook, whoever asked. */
export type Answer =
  | { readonly kind: "pass" }
  /** The call does not happen; or the settings that were edited do not hold. */
  | { readonly kind: "deny"; readonly text: string }
  /** A person decides. Only where the agent can ask one. */
  | { readonly kind: "ask"; readonly text: string }
  /** Facts for the agent, at the start of a session. */
  | { readonly kind: "context"; readonly text: string }
  /** The agent goes on once more before it stops. */
  | { readonly kind: "hold"; readonly text: string };
