import type { Session } from "../session.ts";

/** Serves a coding agent over stdin and stdout. What serves it loads here, so that no other command pays for it. */
export async function runMcp(session: Session): Promise<number> {
  const { serveMcp } = await import("../../mcp/serve-mcp.ts");
  return await serveMcp(session);
}
