import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { NatIntent } from "../../../src/api/index.js";
import { type BackendSubject, backendCase } from "../../../src/testing/backend/backend-subject.js";
import { anyIntent } from "../../unit/nat/intents.js";

/** A backend leaves nothing behind, whatever is asked of it. */
export function describeAnyIntents(subject: BackendSubject): void {
  const { name, run } = backendCase(subject, "leaves nothing behind of any intents", async ({ backend, bare }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyIntent, { maxLength: 6 }), fc.boolean(), async (intents, halfway) => {
        const made = withoutCollisions(intents).filter((intent) => subject.guards || !asksForGuard(intent));
        await backend.ensure(halfway ? made.slice(0, made.length / 2) : made);
        await backend.remove(made);
        expect(await subject.listing()).toBe(bare);
      }),
      { numRuns: 25 },
    );
  });
  describe(`the backend ${subject.name}`, () => {
    test(name, run, 60_000);
  });
}

/** Intents that no two of which want the same bridge or port, as the store guarantees. */
function withoutCollisions(intents: readonly NatIntent[]): readonly NatIntent[] {
  const seen = new Set<string>();
  return intents.filter((intent) => {
    const claims = claimsOf(intent);
    if (claims.some((claim) => seen.has(claim))) return false;
    for (const claim of claims) seen.add(claim);
    return true;
  });
}

function asksForGuard(intent: NatIntent): boolean {
  return intent.kind === "guard" || (intent.kind === "isolate" && intent.guarded === true);
}

function claimsOf(intent: NatIntent): readonly string[] {
  switch (intent.kind) {
    case "publish":
      return Array.from({ length: intent.count }, (_, index) => `${intent.protocol} ${intent.hostPort + index}`);
    case "allow":
      return [`allow ${intent.address}`];
    case "guard":
      return [`guard ${intent.link}`];
    case "segment":
      return [`segment ${intent.vni}`];
    case "member":
      return [`member ${intent.vni} ${intent.address}`];
    case "masquerade":
    case "isolate":
      return [`${intent.kind} ${intent.bridge}`];
  }
}
