/** How well belay finds what is one record, on public sets with known answers, by one set of rules. Nothing is tuned per set: each only says which column is what. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { identityModule, root, shownMs } from "./identity-module.mjs";
import { readCsv } from "./read-csv.mjs";

const data = process.env.BELAY_BENCH_DATA ?? join(root, "..", "shared", "data", "er");
export const identityColumns = ["set", "records", "precision", "recall", "F1", "time", "published"];

const text = (value) => ({ kind: "text", text: value });
const filled = (values) => values.map((value) => (value ?? "").trim()).filter((value) => value !== "");

/** One record: `columns` maps a field to the texts that its columns hold. */
function traits(id, system, columns) {
  const entries = Object.entries(columns).map(([field, said]) => [field, filled(said).map(text)]);
  return { id, system, values: new Map(entries.filter(([, values]) => values.length > 0)) };
}

const rulesOf = (types, oneToOne = []) => ({ keys: [], match: Object.keys(types), oneToOne, typeOf: (field) => types[field] ?? "text" });

const person = { name: "person", address: "place", suburb: "place", postcode: "number", state: "text", born: "number" };
const febrlTraits = (row, system) =>
  traits(`${system} ${row.rec_id}`, system, {
    name: [`${row.given_name} ${row.surname}`],
    address: [`${row.street_number} ${row.address_1} ${row.address_2}`],
    suburb: [row.suburb],
    postcode: [row.postcode],
    state: [row.state],
    born: [row.date_of_birth],
  });

function febrl(files, oneToOne = []) {
  const rows = files.flatMap((file) =>
    readCsv(textOf("febrl", file)).map((row) => ({ row, system: oneToOne.length > 0 ? file : "febrl" })),
  );
  const truth = new Map(rows.map(({ row, system }) => [`${system} ${row.rec_id}`, row.rec_id.split("-")[1]]));
  return { sightings: rows.map(({ row, system }) => febrlTraits(row, system)), truth, rules: rulesOf(person, oneToOne) };
}

function restaurants() {
  const sightings = ["rest1.csv", "rest2.csv"].flatMap((file) =>
    readCsv(textOf("restaurants", file), "|").map((row) => {
      const [id, name, phone, street] = Object.values(row);
      return traits(`${file} ${id}`, file, { name: [name], phone: [phone], street: [street] });
    }),
  );
  const truth = new Map(sightings.map(({ id }) => [id, id]));
  for (const row of readCsv(textOf("restaurants", "gt.csv"), "|")) truth.set(`rest2.csv ${row.D2}`, `rest1.csv ${row.D1}`);
  return { sightings, truth, rules: rulesOf({ name: "text", phone: "phone", street: "place" }, ["rest1.csv", "rest2.csv"]) };
}

function preschools() {
  const rows = readCsv(textOf("dedupe-csv-example", "csv_example_input_with_true_ids.csv"));
  const sightings = rows.map((row) =>
    traits(row.Id, "preschools", { name: [row["Site name"]], address: [row.Address], zip: [row.Zip], phone: [row.Phone] }),
  );
  const rules = rulesOf({ name: "text", address: "place", zip: "number", phone: "phone" });
  return { sightings, truth: new Map(rows.map((row) => [row.Id, row["True Id"]])), rules };
}

const truthTypes = {
  name: "person",
  organisation: "text",
  born: "date",
  address: "place",
  phone: "phone",
  email: "email",
  passport: "key",
  licence: "key",
  security: "key",
  national: "key",
};

function truthSet() {
  const rows = ["customers", "watchlist", "reference"].flatMap((name) => readCsv(textOf("senzing-truthset", `${name}.csv`)));
  const sightings = rows.map((row) => {
    const found = traits(`${row.DATA_SOURCE} ${row.RECORD_ID}`, row.DATA_SOURCE, {
      name: [
        row.PRIMARY_NAME_FULL,
        `${row.PRIMARY_NAME_FIRST ?? ""} ${row.PRIMARY_NAME_MIDDLE ?? ""} ${row.PRIMARY_NAME_LAST ?? ""}`,
        row.NATIVE_NAME_FULL,
      ],
      organisation: [row.PRIMARY_NAME_ORG, row.SECONDARY_NAME_ORG],
      address: [[row.ADDR_FULL, row.ADDR_LINE1, row.ADDR_CITY, row.ADDR_STATE, row.ADDR_POSTAL_CODE].filter(Boolean).join(" ")],
      phone: [row.PHONE_NUMBER],
      email: [row.EMAIL_ADDRESS],
      passport: [row.PASSPORT_NUMBER],
      licence: [row.DRIVERS_LICENSE_NUMBER],
      security: [row.SSN_NUMBER],
      national: [row.NATIONAL_ID_NUMBER],
    });
    const born = dateOf(row.DATE_OF_BIRTH ?? "");
    return born === undefined ? found : { ...found, values: new Map([...found.values, ["born", [{ kind: "moment", date: born }]]]) };
  });
  const key = readCsv(textOf("senzing-truthset", "actual_truthset_key.csv"));
  return {
    sightings,
    truth: new Map(key.map((row) => [`${row.DATA_SOURCE} ${row.RECORD_ID}`, row.CLUSTER_ID])),
    rules: rulesOf(truthTypes),
  };
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** 1 to 12, of a number or a name. */
const month = (part) => (/^\d/u.test(part) ? Number(part) : months.indexOf(part.slice(0, 3).toLowerCase()) + 1);

/** The several ways in which the truth set writes a date of birth, to ISO 8601. */
function dateOf(written) {
  const parts = written.trim().split(/[\s/-]+/u);
  if (parts.length !== 3) return undefined;
  const named = parts.findIndex((part) => /^[a-z]/iu.test(part));
  const [year, first, second] =
    parts[0].length === 4
      ? [parts[0], month(parts[1]), Number(parts[2])]
      : named === 1
        ? [parts[2], month(parts[1]), Number(parts[0])]
        : [parts[2], month(parts[0]), Number(parts[1])];
  const [shownMonth, day] = first > 12 ? [second, first] : [first, second];
  const full = year.length === 2 ? `${Number(year) > 26 ? "19" : "20"}${year}` : year;
  return `${full}-${String(shownMonth).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

const textOf = (folder, file) => readFileSync(join(data, folder, file), "utf8");

const sets = [
  { name: "Febrl 1", folder: "febrl", read: () => febrl(["dataset1.csv"]), published: "0.99–1.00, TF-IDF at its best threshold" },
  { name: "Febrl 2", folder: "febrl", read: () => febrl(["dataset2.csv"]), published: "the same" },
  {
    name: "Febrl 3",
    folder: "febrl",
    read: () => febrl(["dataset3.csv"]),
    published: "GoldenMatch 0.991, Splink 0.965 (release notes of GoldenMatch 1.29.0)",
  },
  {
    name: "Febrl 4",
    folder: "febrl",
    read: () => febrl(["dataset4a.csv", "dataset4b.csv"], ["dataset4a.csv", "dataset4b.csv"]),
    published: "the same",
  },
  {
    name: "Restaurants",
    folder: "restaurants",
    read: restaurants,
    published: "0.98 for the full Fodors-Zagats, TF-IDF at its best threshold; the answers here lack pairs of one name and telephone",
  },
  { name: "Preschools", folder: "dedupe-csv-example", read: preschools, published: "none known" },
  { name: "Truth set", folder: "senzing-truthset", read: truthSet, published: "none; hand-made hard cases, several of them families" },
];

const pairsOf = (size) => (size * (size - 1)) / 2;

/** Precision, recall and F1 over pairs: two records in one group are a pair found. */
function pairwise(entities, truth) {
  const found = entities.reduce((total, ids) => total + pairsOf(ids.length), 0);
  const right = entities.reduce((total, ids) => total + sameIn(ids, truth), 0);
  const real = sameIn([...truth.keys()], truth);
  const [precision, recall] = [right / Math.max(1, found), right / Math.max(1, real)];
  return { precision, recall, f1: (2 * precision * recall) / Math.max(Number.EPSILON, precision + recall) };
}

function sameIn(ids, truth) {
  const counts = new Map();
  for (const id of ids) counts.set(truth.get(id), (counts.get(truth.get(id)) ?? 0) + 1);
  return [...counts.values()].reduce((total, size) => total + pairsOf(size), 0);
}

export async function identity() {
  const { resolveIdentity } = await identityModule();
  const rows = [];
  for (const { name, folder, read, published = "" } of sets) {
    if (!existsSync(join(data, folder))) {
      rows.push([name, "", "", "", "", "", `not measured: there is no ${join(data, folder)}`]);
      continue;
    }
    const { sightings, truth, rules } = read();
    const startMs = performance.now();
    const { entities } = resolveIdentity(sightings, rules);
    const ms = performance.now() - startMs;
    const { precision, recall, f1 } = pairwise(entities, truth);
    rows.push([name, String(sightings.length), ...[precision, recall, f1].map((share) => share.toFixed(3)), shownMs(ms), published]);
  }
  return rows;
}
