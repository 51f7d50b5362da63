/** Operators by how strongly they bind. */

const powers: Readonly<Record<string, number>> = {
  "||": 2,
  or: 2,
  "??": 2,
  "|": 2,
  "&&": 3,
  and: 3,
  "==": 4,
  "===": 4,
  "!=": 4,
  "!==": 4,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  "=~": 4,
  "!~": 4,
  in: 4,
  is: 4,
  eq: 4,
  ne: 4,
  instanceof: 4,
  "&": 4,
  "^": 4,
  "<<": 5,
  ">>": 5,
  "+": 6,
  "-": 6,
  ".": 6,
  "..": 6,
  "*": 7,
  "/": 7,
  "%": 7,
  "//": 7,
  x: 7,
  "**": 8,
};

/** 0 for what is no operator. */
export const powerOf = (operator: string): number => (Object.hasOwn(powers, operator) ? (powers[operator] ?? 0) : 0);

/** `and`, `eq`, `x`: words between two values. */
export const isOperatorWord = (word: string): boolean => powerOf(word) > 0;
