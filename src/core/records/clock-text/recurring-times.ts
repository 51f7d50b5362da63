/** Times that come round every day or week: opening hours, regular trips. They are nobody's one booking. */

import { weekdays } from "./calendar-words.ts";
import { isDash, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";
import { type Around, isSaidBefore } from "./text-around.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const openWords: ReadonlySet<string> = words("open opens hours closed closes");
const openBetween: ReadonlySet<string> = new Set([
  ...words("daily from every are is at day a p m am pm week days seven to noon"),
  ...weekdays.keys(),
]);
const openAround: ReadonlySet<string> = new Set([...openBetween, ...openWords]);
const offices: ReadonlySet<string> = words("office opening business store operating");

const among =
  (of: ReadonlySet<string>) =>
  (reader: Reader, at: number): boolean =>
    of.has(tokenAt(reader, at).lower);

/** "Upload closes Monday at 8:00 PM" names one evening; hours that come round every week are a range, or name no day. */
function isOpening(around: Around): boolean {
  const { start, end } = around.draft;
  const isOneDay = start?.date !== undefined && end === undefined;
  const isOffice = isSaidBefore(around, { isEnd: among(offices), small: openAround, pastNumbers: true });
  return isOffice || (!isOneDay && isSaidBefore(around, { isEnd: among(openWords), small: openBetween, pastNumbers: true }));
}

/** Weekdays of other languages, which the grammar does not read as dates. */
const foreignDays: ReadonlySet<string> = words(
  "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo",
);
/** Said of a day or a week, they make it every one. */
const everyWords: ReadonlySet<string> = words(
  "every each weekly daily everyday weekdays weekends biweekly fortnightly nightly jeden jede jedes täglich wöchentlich werktags wochentags chaque cada diario diariamente semanalmente quotidien toutes tous todos todas",
);
const everyBetween: ReadonlySet<string> = new Set([
  ...weekdays.keys(),
  ...foreignDays,
  ...words(
    "at on from between other second first third last day week weekend evening morning afternoon night and um von ab am à de a las la le les los und et y tag woche abend jours día días",
  ),
]);

/** "Saturdays", "samstags", "les samedis", "los sábados"; "le samedi" is every Saturday too, where no day of the month follows. */
function isEveryWord(reader: Reader, at: number): boolean {
  const { lower, kind } = tokenAt(reader, at);
  if (kind !== "word") return false;
  if (everyWords.has(lower)) return true;
  const one = lower.endsWith("s") ? lower.slice(0, -1) : "";
  if (foreignDays.has(one) || (one.endsWith("day") && weekdays.has(one))) return true;
  const before = tokenBefore(reader, at).lower;
  return foreignDays.has(lower) && (before === "le" || (before === "los" && lower.endsWith("es")));
}

/** "4:30 PM every Saturday", "on Saturdays", "jeden Samstag"; not "each way" or "every guest". */
function isEveryAfter({ reader, next }: Around): boolean {
  const at = skipSpace(reader, next);
  const word = ["on", "le", "les", "los"].includes(tokenAt(reader, at).lower) ? skipSpace(reader, at + 1) : at;
  if (!isEveryWord(reader, word)) return false;
  const { lower } = tokenAt(reader, word);
  return !distributive.has(lower) || periods.has(tokenAt(reader, skipSpace(reader, word + 1)).lower);
}

/** They may be said of anything. */
const distributive: ReadonlySet<string> = words("every each jeden jede jedes chaque cada toutes tous todos todas");
const periods: ReadonlySet<string> = new Set([
  ...weekdays.keys(),
  ...foreignDays,
  ...words("day week weekend other second evening morning afternoon night tag woche abend les los jour día"),
]);

/** "Mon–" before "Fri". */
const isAfterWeekday = (reader: Reader, at: number): boolean =>
  isDash(tokenBefore(reader, at)) && weekdays.has(tokenBefore(reader, dashAt(reader, at)).lower);

const dashAt = (reader: Reader, at: number): number => (tokenAt(reader, at - 1).kind === "space" ? at - 2 : at - 1);

/** What comes round every week is no record's time: "Open daily 9 AM – 5 PM", "Every Saturday 4:30–7:30 PM", "samstags 16:30 Uhr". */
export function recurringTime(around: Around): string | undefined {
  const { reader, at, draft } = around;
  const { start } = draft;
  if (start === undefined || start.date?.options[0]?.date !== undefined) return undefined;
  if (start.clock !== undefined && isOpening(around)) return "opening hours";
  if (isEveryAfter(around) || isSaidBefore(around, { isEnd: isEveryWord, small: everyBetween, pastNumbers: false }))
    return "a time that recurs";
  return start.clock !== undefined && start.date !== undefined && isAfterWeekday(reader, at) ? "opening hours" : undefined;
}

/** Names that a weekday is a part of, as the words right before or behind it. */
const namesBefore: ReadonlySet<string> = words("black good easter palm ash cyber shrove holy maundy bloody ruby super casual giving");
const worksOf: ReadonlySet<string> = words("playlist album song songs band movie film book novel musical magazine newspaper soundtrack");
const partOfDay: ReadonlySet<string> = words("night morning afternoon evening");
/** Words of a title that are looked at for the sort of work that it is. */
const titleWordsMax = 5;

/** "Saturday Night Fever playlist", "Black Friday": a weekday without a time that names something else. */
export function isNamedForWeekday({ reader, at, next, draft }: Around): boolean {
  if (!isWeekdayAlone(draft)) return false;
  const before = tokenBefore(reader, at);
  if (namesBefore.has(before.lower) && before.text !== before.lower) return true;
  return beginsWork(reader, skipSpace(reader, next));
}

function isWeekdayAlone({ start, end }: Around["draft"]): boolean {
  const [slot, ...others] = start?.date?.slots ?? [];
  return start?.clock === undefined && end === undefined && slot?.kind === "weekday" && others.length === 0;
}

/** Words of a title, and then the sort of work that it is. */
function beginsWork(reader: Reader, at: number): boolean {
  let word = at;
  for (let count = 0; count < titleWordsMax; count += 1) {
    const token = tokenAt(reader, word);
    if (token.kind !== "word") return false;
    if (worksOf.has(token.lower)) return count > 0;
    if (token.text === token.lower && !partOfDay.has(token.lower)) return false;
    word = skipSpace(reader, word + 1);
  }
  return false;
}
