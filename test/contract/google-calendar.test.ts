/** A Google calendar, on a stand-in that follows the published description of the API, keeps the promises of a store. */

import { bridged, fieldsOf, idOf } from "../fakes/google-calendar/event-bridge.ts";
import { calendarOn } from "../fakes/google-calendar/calendar-on-fake.ts";
import { startCalendarFake } from "../fakes/google-calendar/google-calendar-fake.ts";
import { describeStore } from "./store-contract.ts";

describeStore("a Google calendar", async () => {
  const fake = await startCalendarFake();
  return {
    store: bridged(calendarOn(fake).store),
    forceStranger: async (key, content) => {
      const id = idOf(key);
      const held = fake.events.get(id);
      if (!content) fake.events.remove(id);
      else if (held) fake.events.update(id, { ...fieldsOf(content, {}), status: "confirmed" });
      else fake.events.insert(id, fieldsOf(content, {}));
      await Promise.resolve();
    },
    close: async () => await fake.close(),
  };
});
