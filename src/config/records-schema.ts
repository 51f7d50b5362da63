/** The shape of `records:` in belay.yaml: its keys, their types, and a sentence on each. Rules between keys are in `read-record*.ts`. */

import * as v from "valibot";

import { fieldTypes } from "../core/records/value.ts";
import type { RawField, RawIdentity, RawKind, RawManual, RawPlace, RawRecords, RawSystem, RawWatch } from "./raw-records.ts";
import { fromEnvironment, globs, name, text } from "./schema-words.ts";
import { timeSpanPattern, timeSpanWords } from "./time-span.ts";

type Told<Value> = v.ExactOptionalSchema<v.GenericSchema<Value>, undefined>;

/** A key that may be left out, with its sentence. */
const told = <Value>(schema: v.GenericSchema<Value>, description: string, ...examples: Value[]): Told<Value> =>
  v.exactOptional(
    examples.length === 0 ? v.pipe(schema, v.description(description)) : v.pipe(schema, v.description(description), v.examples(examples)),
  );

const timeSpan = v.pipe(v.string(), v.regex(timeSpanPattern, timeSpanWords));
const wholeNumber = (most: number): v.GenericSchema<number> =>
  v.pipe(v.number(), v.integer("a whole number"), v.minValue(1, "1 or more"), v.maxValue(most, `${most} or fewer`));
const oneOrMore = v.pipe(v.array(text), v.minLength(1, "a list of at least one text"));
const textOrList = v.union([text, oneOrMore], "text, or a list of texts");

const fieldMap: v.GenericSchema<RawField> = v.strictObject({
  type: told(v.picklist(fieldTypes), "What the field holds. A derived field has the type of what it derives from, unless told."),
  unit: told(text, "What one of a duration or a number is.", "USD"),
  derive: told(text, "How it follows from another field: FIELD + TIME or FIELD - TIME.", "start - 30m"),
  "moves-with": told(name, "The field with which it moves: its distance by the clock on the wall stays as it is.", "start"),
  authority: told(text, "Who is right where systems differ: a system's name, `newest` (with proof), or `ask`. Default: ask.", "record"),
  words: told(v.array(text), "Words that stand near it on a page.", ["arrive", "boarding"]),
});
const fieldSchema = v.pipe(
  v.union([text, fieldMap], "a type, a derivation such as start + 3h, or a map"),
  v.description("One field: its type, its derivation (start + 3h), or a map where there is more to say."),
);

const placeMap: v.GenericSchema<RawPlace> = v.strictObject({
  at: told(
    text,
    "The place. In an item a path, in an event a property, on a page json-ld:NAME, script:NAME and the like.",
    "trip.start_time",
  ),
  date: told(text, "The place of a date-time's date, where its time stands apart.", "charter_date"),
  time: told(text, "The place of a date-time's time, where its date stands apart.", "start_time"),
  zone: told(text, "The time zone of what stands there, where it is not the kind's.", "UTC"),
  as: told(text, "How it is written there, where it is a part of a text: names of fields in braces.", "{date}-{guest}.html"),
});
const placeSchema = v.pipe(
  v.union([text, placeMap], "a place, or a map with `at`, or with `date` and `time`"),
  v.description("Where this system keeps one field."),
);

const manualSchema: v.GenericSchema<RawManual> = v.strictObject({
  link: told(text, "Where a person makes the change; {field} stands for a value.", "https://market.example.com/owner/{code}"),
  note: told(text, "What to know for it; {field} stands for a value."),
  due: told(timeSpan, "How long they have.", "1d"),
  attest: told(v.boolean(), "belay cannot look there, so a person says that it is done. Default: false."),
});

const systemSchema: v.GenericSchema<RawSystem> = v.pipe(
  v.strictObject({
    store: told(
      text,
      "Where it is: s3://BUCKET/PREFIX, dir:PATH, dynamodb:TABLE, caldav:URL, google-calendar:ID, ics:URL, ics:env:NAME or web:URL.",
      "dynamodb:crew-dispatch",
    ),
    target: told(text, "For pages that this belay.yaml deploys: TARGET, or SITE/TARGET. In place of `store`.", "production"),
    match: told(textOrList, "Pages: globs over the paths that may hold a record.", "g/*.html"),
    templates: told(globs, "Pages: globs over templates and samples. They are shown and never changed.", ["g/_*.html"]),
    paths: told(
      v.array(text),
      "Pages: paths that visitors use besides the page's own; {name} is its name without .html, {code} a field. A web page: the paths to look at.",
      ["/g/{name}", "/g/{code}"],
    ),
    cdn: told(
      v.pipe(v.string(), v.regex(/^cloudfront:[A-Z0-9]+$/, "cloudfront:ID, the id of a distribution")),
      "Pages that are no target's: the CDN in front of them, cloudfront:ID.",
    ),
    url: told(text, "Pages that are no target's: where visitors find them.", "https://pages.example.com"),
    fields: told(v.record(name, placeSchema), "Where it keeps which field. Pages and calendars are read without; a table needs it.", {
      start: { date: "charter_date", time: "start_time" },
    }),
    key: told(textOrList, "A table: the attributes of its primary key, partition key first; NAME:N where it is a number.", "guest_code"),
    version: told(text, "A table: an attribute that changes with every write of an item."),
    region: told(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, "a region, for example us-west-2")), "A table: its AWS region."),
    user: told(text, "CalDAV: the user's name."),
    password: told(fromEnvironment, "CalDAV: env:NAME of the variable that holds the password."),
    token: told(fromEnvironment, "CalDAV: env:NAME of the variable that holds a bearer token, in place of user and password."),
    "key-file": told(fromEnvironment, "Google Calendar: env:NAME of the variable that holds the path of a service account's key file."),
    subject: told(text, "Google Calendar: the user whom the service account acts for."),
    "client-id": told(fromEnvironment, "Google Calendar with OAuth: env:NAME of the client's id."),
    "client-secret": told(fromEnvironment, "Google Calendar with OAuth: env:NAME of the client's secret."),
    "refresh-token": told(fromEnvironment, "Google Calendar with OAuth: env:NAME of the refresh token."),
    notify: told(v.boolean(), "Calendars: whether guests are told of changes by the provider. Default: false."),
    "read-only": told(v.boolean(), "belay only looks; changes become tasks for a person. Feeds and web pages always are."),
    lag: told(timeSpan, "How long a change may take to show here. Default: none.", "2h"),
    manual: told(manualSchema, "What a person does where belay cannot write."),
    requests: told(wholeNumber(256), "The most requests at once."),
  }),
  v.description("One system that holds records of this kind."),
);

const identitySchema: v.GenericSchema<RawIdentity> = v.strictObject({
  keys: told(v.array(name), "Fields that name the record, each alone. Default: those of type key.", ["code"]),
  match: told(v.array(name), "Fields that count as evidence, besides the date. Default: people, e-mail addresses and telephone numbers.", [
    "guest",
  ]),
  "one-to-one": told(v.array(name), "Systems that hold one record at most once.", ["record"]),
});

const watchSchema: v.GenericSchema<RawWatch> = v.strictObject({
  every: told(timeSpan, "Between two looks. Default: 1m."),
  "per-hour": told(wholeNumber(10_000), "The most corrections an hour. Default: 30."),
  flaps: told(wholeNumber(100), "A field that changes so often within an hour is left to a person. Default: 3."),
});

const kindSchema: v.GenericSchema<RawKind> = v.pipe(
  v.strictObject({
    zone: v.pipe(
      text,
      v.description("The time zone, by its IANA name, of every time that names none."),
      v.examples(["America/Los_Angeles"]),
    ),
    "date-order": told(v.picklist(["mdy", "dmy", "ymd"]), "How 5/6/2026 is meant. Without it such a date stays ambiguous."),
    fields: v.pipe(
      v.record(name, fieldSchema),
      v.minEntries(1, "a map of at least one field"),
      v.description("What a record has, by name."),
      v.examples([{ start: { type: "datetime", authority: "record" }, end: "start + 3h", guest: "person", code: "key" }]),
    ),
    identity: told(identitySchema, "How it is told which places hold the same record."),
    systems: v.pipe(
      v.record(name, systemSchema),
      v.minEntries(1, "a map of at least one system"),
      v.description("The systems that hold such records, by name."),
    ),
    pointers: told(v.array(text), "Places of one system that name an object of another: SYSTEM.PLACE -> SYSTEM.", [
      "record.page_slug -> pages",
    ]),
    features: told(v.record(text, text), "Features of a page that matter: a name, and a text that a page with it contains.", {
      "photo upload": 'type="file"',
    }),
    watch: told(watchSchema, "How `belay watch` looks and corrects."),
  }),
  v.description("One kind of record: a booking, for example."),
);

export const recordsSchema: v.GenericSchema<RawRecords> = v.pipe(
  v.record(name, kindSchema),
  v.description("Kinds of record that several systems hold, by name."),
);
