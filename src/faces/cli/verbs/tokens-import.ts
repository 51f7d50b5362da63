import { dirname } from "node:path";
import { addToken } from "../../../config/edit-tokens.ts";
import type { TokenState } from "../../../core/plan/plan.ts";
import { findTokens, type FoundToken } from "../../../operations/import-tokens.ts";
import { printJson } from "../answer.ts";
import { editConfig } from "../edit-config.ts";
import { exits } from "../exit-codes.ts";
import { plain, said, shellWord } from "../plain-text.ts";
import { stateWord } from "../render-proof.ts";
import type { View } from "../screen.ts";
import type { Session } from "../session.ts";
import { aligned } from "../text-width.ts";
import { documentsIn, documentsNamed } from "../token-documents.ts";
import type { Words } from "../words.ts";

/** Only what the last target's live pages bear out is written into belay.yaml; the rest is shown for a person to complete. */
export async function runTokensImport(session: Session, { operands }: Words): Promise<number> {
  const bench = await session.bench();
  const { file } = await session.config();
  const documents = operands.length > 0 ? await documentsNamed(session.setup.cwd, operands) : await documentsIn(dirname(file));
  const target = bench.site.targets.at(-1);
  const found = target === undefined ? [] : await findTokens(bench, { target, documents }, await session.context());
  const active = found.filter(({ isActive }) => isActive);
  if (active.length > 0)
    await editConfig(session, (text) => active.reduce((edited, { token }) => addToken(edited, bench.site.name, token), text));
  const { screen, globals } = session;
  if (globals.isJson) {
    printJson(screen, {
      documents: documents.map(({ name }) => name),
      tokens: found.map(({ token, source, local, live, isActive, assumed }) => ({
        name: token.name,
        path: token.file,
        rule: token.rule,
        text: token.text,
        source,
        local,
        live,
        imported: isActive,
        assumed,
      })),
    });
  } else
    screen.print(
      foundLines(
        found,
        documents.map(({ name }) => name),
        screen.data,
      ),
    );
  return exits.done;
}

/** What was found: taken over, or left, and why. */
function foundLines(found: readonly FoundToken[], documents: readonly string[], view: View): string[] {
  if (documents.length === 0) return ["There is no CLAUDE.md or AGENTS.md beside belay.yaml."];
  if (found.length === 0) return [`No new feature token in ${documents.map(plain).join(", ")}.`];
  const [active, open] = [found.filter(({ isActive }) => isActive), found.filter(({ isActive }) => !isActive)];
  const taken = aligned(
    active.map(({ token, source }) => [`  ${plain(token.name)}`, plain(token.file), token.rule, said(token.text, 40), plain(source)]),
  );
  const left = aligned(open.map(({ token, source, live }) => [`  ${plain(token.name)}`, plain(token.file), whyLeft(live), plain(source)]));
  return [
    ...(active.length > 0 ? [view.paint.bold("in belay.yaml now"), ...taken] : []),
    ...(open.length > 0 ? [view.paint.bold("left out: live does not bear them out"), ...left] : []),
    ...open.slice(0, 1).map(({ token }) => `  next: belay tokens add ${token.name} --file ${shellWord(token.file)} --contains "text"`),
  ];
}

const whyLeft = (live: TokenState): string => (live === "ok" ? "its file is not live" : `live: ${stateWord[live]}`);
