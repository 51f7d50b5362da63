import { hole } from "../word.ts";
import type { Call } from "./findings.ts";

const libraries: Readonly<Record<string, string>> = {
  python: "boto3",
  javascript: "aws-sdk",
  ruby: "aws-sdk-ruby",
  php: "aws-sdk-php",
  perl: "Paws",
};

/** The call in the words of its library: `boto3 put_object`. */
export const toolOf = (call: Call): string => `${libraries[call.language] ?? "AWS SDK"} ${call.name.replaceAll(hole, "…")}`;
