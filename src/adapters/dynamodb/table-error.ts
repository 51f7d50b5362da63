/** What DynamoDB's refusals mean to a person. */

import { BelayError } from "../../core/belay-error.ts";
import { awsError } from "../shared/aws/aws-error.ts";
import { clauseOf, plainText } from "../shared/aws/plain-text.ts";
import type { AwsProblem } from "../shared/aws/read-aws-error.ts";
import type { Wire } from "../shared/aws/wire.ts";

export interface TableAbout {
  readonly wire: Pick<Wire, "base" | "isAws">;
  readonly operation: string;
  readonly table: string;
  readonly key?: string;
}

/** Whether DynamoDB, or DynamoDB Local in words of its own, says that the key which was sent is not the table's. */
const isWrongKey = ({ code, message }: AwsProblem): boolean =>
  code === "ValidationException" &&
  /key element does not match|Missing the key|required keys was not given|Type mismatch for key|not part of the key|number of conditions on the keys/iu.test(
    message,
  );

/** A problem as an error; anything that is neither a problem nor a lost connection comes back as it is. */
export function tableError(problem: AwsProblem | Error, about: TableAbout): Error {
  const { operation, table, key, wire } = about;
  const subject = key === undefined ? `the table ${plainText(table)}` : `${plainText(key)} in the table ${plainText(table)}`;
  const general = (): Error => awsError(problem, { wire, action: `dynamodb:${operation}`, subject });
  if (problem instanceof Error) return general();
  const [message, cause] = [clauseOf(problem.message), { cause: problem }];
  switch (problem.code) {
    case "ResourceNotFoundException":
      return new BelayError(
        "store-missing",
        `there is no table ${plainText(table)} at ${wire.base}`,
        "Correct the table's name or AWS_REGION: `aws dynamodb list-tables` shows the tables there.",
        cause,
      );
    case "ResourceInUseException":
      return new BelayError(
        "store-unreachable",
        `${subject} is being changed (${message})`,
        "Wait a minute, then run the same command again.",
        cause,
      );
    case "ItemCollectionSizeLimitExceededException":
      return new BelayError(
        "store-full",
        `there is no room left beside ${subject} (${message})`,
        "Make room in the item's collection.",
        cause,
      );
    case "ValidationException":
      return invalidInput(problem, about, subject);
    default:
      return general();
  }
}

function invalidInput(problem: AwsProblem, { table, operation, wire }: TableAbout, subject: string): BelayError {
  const message = clauseOf(problem.message);
  if (isWrongKey(problem))
    return new BelayError(
      "config-invalid",
      `the key of the table ${plainText(table)} is not the one that belay.yaml names (${message})`,
      `Correct \`key:\` in belay.yaml: \`aws dynamodb describe-table --table-name ${plainText(table)} --query Table.KeySchema\` shows it.`,
      { cause: problem },
    );
  if (/item size/iu.test(message))
    return new BelayError(
      "input-invalid",
      `${subject} would be larger than the 400 KB that an item may have (${message})`,
      "Shorten the item's texts, or keep the large ones in a bucket.",
      { cause: problem },
    );
  return new BelayError(
    "input-invalid",
    `${wire.base} does not take ${operation} of ${subject} (${message})`,
    `Look at the item: \`aws dynamodb get-item --table-name ${plainText(table)} --key …\`.`,
    { cause: problem },
  );
}
