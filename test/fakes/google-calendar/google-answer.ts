/** Answers in the shapes that the API's description and its guide to errors give. */

export interface GoogleAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type EventFields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is EventFields => typeof value === "object" && value !== null && !Array.isArray(value);

/** An error as Google words it: `{"error": {"errors": [{"domain", "reason", "message"}], "code", "message"}}`. */
export const refusal = (status: number, reason: string, message: string, more: EventFields = {}): GoogleAnswer => ({
  status,
  body: {
    error: { errors: [{ domain: reason.includes("imit") ? "usageLimits" : "global", reason, message, ...more }], code: status, message },
  },
});

export const notFound: GoogleAnswer = refusal(404, "notFound", "Not Found");
export const stale: GoogleAnswer = refusal(412, "conditionNotMet", "Precondition Failed", { locationType: "header", location: "If-Match" });
export const deletedAlready: GoogleAnswer = refusal(410, "deleted", "Resource has been deleted");
export const tokenTooOld: GoogleAnswer = refusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
  locationType: "parameter",
  location: "syncToken",
});
