/** Tables that a PartiQL statement writes to. Source: "PartiQL statements for DynamoDB" in its developer guide. */

import { hole, type Word } from "../../word.ts";

const write = /^\s*(?:insert\s+into|update|delete\s+from)\s+(?:"([^"]*)"|'([^']*)'|([^\s"'({;]+))/iu;

/** A hole where a statement's beginning cannot be told; `undefined` where it only reads. */
export function tableOfStatement(statement: Word): Word | undefined {
  const found = write.exec(statement);
  const name = found?.[1] ?? found?.[2] ?? found?.[3];
  if (name !== undefined) return name.split('".')[0] ?? name;
  return /^\s*(?:select|exists)\b/iu.test(statement) || !statement.includes(hole) ? undefined : hole;
}
