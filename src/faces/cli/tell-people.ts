import { channelName, escalate, type Escalation, type Occasion } from "../../operations/notice/escalate.ts";
import { plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import type { Session } from "./session.ts";
import { cutTo } from "./text-width.ts";
import { localTime } from "./when.ts";

/** Tells people of an answer that needs them, and says in one line on stderr who was told. Never changes the answer. */
export async function tellPeople(session: Session, occasion: Occasion | undefined): Promise<void> {
  if (occasion === undefined) return;
  const escalation = await escalate(await session.bench(), occasion, { signal: session.signal });
  // Whoever reads JSON reads it by machine, and a set-up that was never made is no news to it.
  if (session.globals.isJson && escalation.kind === "no-channel") return;
  session.screen.tell(cutTo(plain(toldLine(escalation, session.screen.prose)), session.screen.prose.columns));
}

function toldLine(escalation: Escalation, { nowMs }: View): string {
  switch (escalation.kind) {
    case "told": {
      const named = (wanted: "delivered" | "failed"): string =>
        escalation.deliveries
          .filter(({ outcome }) => outcome === wanted)
          .map(channelName)
          .join(", ");
      const failed = named("failed");
      return `people were told: ${named("delivered")}${failed === "" ? "" : `; it failed by ${failed} (belay notify tests it)`}`;
    }
    case "told-before":
      return `people were told of this ${localTime(escalation.at, nowMs)} already`;
    case "no-channel":
      return "nobody was told that a person is needed: set notify: in belay.yaml";
    case "failed":
      return `nobody could be told (belay notify tests it): ${escalation.why}`;
  }
}
