/** The words that clock texts are made of, in English, with the few German and French ones that stand beside clock figures. */

const named = (words: string): ReadonlyMap<string, number> =>
  new Map(words.split(" ").flatMap((group, at) => group.split("/").map((word): readonly [string, number] => [word, at])));

/** 0 is Sunday. */
export const weekdays: ReadonlyMap<string, number> = named(
  "sunday/sun monday/mon tuesday/tue/tues wednesday/wed/weds thursday/thu/thur/thurs friday/fri saturday/sat",
);
/** 0 is January. */
export const months: ReadonlyMap<string, number> = named(
  "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec",
);

export const weekdayNames: readonly string[] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const monthNames: readonly string[] = "January February March April May June July August September October November December".split(
  " ",
);

/** Abbreviations and names that are words of their own when they begin with a small letter. */
export const onlyCapital: ReadonlySet<string> = new Set(["sun", "sat", "wed", "mon", "fri", "mar", "march", "may"]);

const smallNumbers =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
/** `one` to `twenty`; hours and amounts. */
export const numberWords: ReadonlyMap<string, number> = new Map([...named(smallNumbers), ["twenty", 20]]);
/** Minutes after an hour's word: `seven thirty five`. */
export const tens: ReadonlyMap<string, number> = new Map([
  ["ten", 10],
  ["twenty", 20],
  ["thirty", 30],
  ["forty", 40],
  ["fifty", 50],
]);

/** Minutes of one. */
export const durationUnits: ReadonlyMap<string, number> = new Map([
  ...["h", "hr", "hrs", "hour", "hours"].map((word): readonly [string, number] => [word, 60]),
  ...["min", "mins", "minute", "minutes"].map((word): readonly [string, number] => [word, 1]),
]);

/** Words that may follow a bare hour ("from 1 PM to 4 on Friday"): after any other word it may count things. */
export const afterHour: ReadonlySet<string> = new Set(
  "on in at and or but every each daily today tonight tomorrow for with from to until till then when if so is was as sharp by the this next we you i they it he she please departing returning boarding pt et ct mt pst pdt est edt utc gmt only weekdays followed".split(
    " ",
  ),
);

/** Words before a number that make it the number of a thing. */
export const beforeLabel: ReadonlySet<string> = new Set(
  "dock pier slip gate room suite unit no number apt apartment chapter page route highway hwy day part deck table group lot boat vessel berth bay hall building bus line track platform terminal step level floor age ages week weeks section exit phase version ch vol volume question class grade #".split(
    " ",
  ),
);

/** What people write after a time, to the zone whose clock it is. They say PST in summer too, so each means the place's clock. */
export const zoneWords: ReadonlyMap<string, string> = new Map([
  ...["PT", "PST", "PDT"].map((word): readonly [string, string] => [word, "America/Los_Angeles"]),
  ...["MT", "MST", "MDT"].map((word): readonly [string, string] => [word, "America/Denver"]),
  ...["CT", "CST", "CDT"].map((word): readonly [string, string] => [word, "America/Chicago"]),
  ...["ET", "EST", "EDT"].map((word): readonly [string, string] => [word, "America/New_York"]),
  ...["AKST", "AKDT"].map((word): readonly [string, string] => [word, "America/Anchorage"]),
  ["HST", "Pacific/Honolulu"],
  ["BST", "Europe/London"],
  ...["CET", "CEST"].map((word): readonly [string, string] => [word, "Europe/Paris"]),
  ...["UTC", "GMT", "Z"].map((word): readonly [string, string] => [word, "UTC"]),
]);

/** Books of the Bible whose name before "3:16" makes it a verse. */
export const bibleBooks: ReadonlySet<string> = new Set(
  "genesis gen exodus leviticus numbers deuteronomy deut joshua judges ruth samuel kings chronicles ezra nehemiah esther job psalm psalms ps proverbs prov ecclesiastes isaiah isa jeremiah lamentations ezekiel daniel hosea joel amos obadiah jonah micah nahum habakkuk zephaniah haggai zechariah malachi matthew matt mark luke john acts romans rom corinthians cor galatians gal ephesians eph philippians phil colossians thessalonians timothy titus philemon hebrews heb james peter jude revelation rev".split(
    " ",
  ),
);
