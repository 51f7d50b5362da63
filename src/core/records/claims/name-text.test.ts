import { expect, test } from "vitest";
import { namesIn, namesPattern, withoutStop } from "./name-text.ts";

const read = (text: string): string | undefined => {
  const found = new RegExp(`^${namesPattern}`, "u").exec(text)?.[0];
  return found === undefined ? undefined : withoutStop(found);
};

test("a title, an initial and a suffix do not end a name, and the full stop of the sentence does", () => {
  for (const [text, name] of [
    ["Dr. Max Ruiz. Please wait", "Dr. Max Ruiz"],
    ["Prof. Dr. Max van der Ruiz. Then", "Prof. Dr. Max van der Ruiz"],
    ["Dr. med. Jürgen Öhl", "Dr. med. Jürgen Öhl"],
    ["J. R. Smith.", "J. R. Smith"],
    ["Capt. Mara Voss. Bring a coat", "Capt. Mara Voss"],
    ["St. John Smith. Then", "St. John Smith"],
    ["Max Ruiz Jr. will call", "Max Ruiz Jr."],
    ["Eve O’Hara-Lund, PhD", "Eve O’Hara-Lund, PhD"],
    ["Zoë d’Arc is here", "Zoë d’Arc"],
    ["李娜", "李娜"],
    ["please ask", undefined],
  ] as const)
    expect([text, read(text)]).toEqual([text, name]);
});

test("a list goes on over every joint that people write, and over line ends until a label begins", () => {
  for (const [text, names] of [
    ["Eve Stone and Dr. Max Ruiz. Then", ["Eve Stone", "Dr. Max Ruiz"]],
    ["Eve Stone, Prof. Dr. Max Ruiz Jr. and Ana Lund", ["Eve Stone", "Prof. Dr. Max Ruiz Jr.", "Ana Lund"]],
    ["Lucía Pérez y José Díaz", ["Lucía Pérez", "José Díaz"]],
    ["Eve Stone und Max Öhl; Ng", ["Eve Stone", "Max Öhl", "Ng"]],
    ["EVE STONE AND MAX RUIZ", ["EVE STONE", "MAX RUIZ"]],
    ["Luc Roy et Zoë d’Arc", ["Luc Roy", "Zoë d’Arc"]],
    ["Eve Stone, Jr., Max Ruiz", ["Eve Stone, Jr.", "Max Ruiz"]],
    ["Eve Stone\nMax Ruiz\nPhone: on file", ["Eve Stone", "Max Ruiz"]],
    ["Eve Stone / Max Ruiz", ["Eve Stone", "Max Ruiz"]],
  ] as const)
    expect([text, namesIn(read(text) ?? "")]).toEqual([text, names]);
});

test("a couple of one name is one item of a list", () => {
  for (const [text, names] of [
    ["Mr. and Mrs. Smith", ["Mr. and Mrs. Smith"]],
    ["Dr. & Mrs. Max Ruiz, Eve Stone", ["Dr. & Mrs. Max Ruiz", "Eve Stone"]],
    ["Herr und Frau Öhl", ["Herr und Frau Öhl"]],
    ["Eve Stone and Mr and Mrs Ruiz", ["Eve Stone", "Mr and Mrs Ruiz"]],
    ["Mr. Ruiz and Mrs. Stone", ["Mr. Ruiz", "Mrs. Stone"]],
  ] as const)
    expect([text, namesIn(read(text) ?? "")]).toEqual([text, names]);
});

test("semicolons between names tell that the commas stand within them", () => {
  expect(namesIn("O'Brien, Pat; Lee, Ann")).toEqual(["Pat O'Brien", "Ann Lee"]);
  expect(namesIn("Ana, Ben; Kim, Dan")).toEqual(["Ana", "Ben", "Kim", "Dan"]);
});
