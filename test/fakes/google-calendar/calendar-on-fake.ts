/** A calendar opened on the stand-in, with a clock that only pauses move. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openGoogleCalendar,
  type GoogleCalendar,
  type GoogleCalendarOptions,
} from "../../../src/adapters/google-calendar/google-calendar.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import type { CalendarFake } from "./google-calendar-fake.ts";

export interface CalendarOnFake {
  readonly store: GoogleCalendar;
  /** Milliseconds of each pause. */
  readonly slept: number[];
}

/** Signs in as the OAuth client unless other credentials are given. */
export function calendarOn(fake: CalendarFake, options: Partial<GoogleCalendarOptions> = {}): CalendarOnFake {
  const slept: number[] = [];
  let nowMs = 0;
  const { clientId, clientSecret, refreshToken } = fake.tokens.oauth;
  const store = openGoogleCalendar({
    calendarId: fake.calendarId,
    credentials: {
      clientId: "ID",
      clientSecret: "SECRET",
      refreshToken: "REFRESH",
      env: { ID: clientId, SECRET: clientSecret, REFRESH: refreshToken },
    },
    isNotifying: false,
    endpoint: fake.endpoint,
    runtime: {
      sha256,
      now: () => nowMs,
      sleep: async (ms, signal) => {
        signal.throwIfAborted();
        slept.push(ms);
        nowMs += ms;
        await Promise.resolve();
      },
    },
    random: () => 1,
    ...options,
  });
  return { store, slept };
}

/** A key file of the fake's service account, as Google's console gives them out; gone again with `close`. */
export function keyFileOf(
  fake: CalendarFake,
  more: Readonly<Record<string, unknown>> = {},
): { readonly path: string; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "belay-key-"));
  const path = join(folder, "key.json");
  const { email, privateKey } = fake.tokens.serviceAccount;
  const file = {
    type: "service_account",
    project_id: "harbor-example",
    client_email: email,
    private_key: privateKey,
    private_key_id: "k1",
    ...more,
  };
  writeFileSync(path, JSON.stringify(file));
  return { path, close: () => rmSync(folder, { recursive: true }) };
}
