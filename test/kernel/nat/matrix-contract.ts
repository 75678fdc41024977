import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { NatBackend } from "../../../src/api/index.js";
import { MatrixLab, matrixIntents } from "./matrix-lab.js";
import { type Caller, callers, targets } from "./traffic-matrix.js";

/** Who reaches whom under a backend, each cell of the matrix by real packets. `makeBackend` is called once, on a bare host. */
export function describeMatrix(name: string, makeBackend: () => NatBackend): void {
  describe(`the traffic matrix under ${name}`, () => {
    let lab: MatrixLab;
    let backend: NatBackend;

    beforeAll(async () => {
      lab = await MatrixLab.build();
      backend = makeBackend();
      await backend.ensure(matrixIntents());
    }, 30_000);

    afterAll(async () => {
      await backend?.purge();
      await lab?.tearDown();
    });

    test.each(targets)("$what ($protocol $address $port)", async ({ protocol, address, port, server, seen }) => {
      const before = (await lab.agents[server].callers()).length;
      const replies = await Promise.all(
        (Object.keys(callers) as Caller[]).map(async (caller) => {
          const answer = await lab.agents[caller].call(protocol, address, port);
          return [caller, answer.replace(/^ saw /, "")] as const;
        }),
      );
      const reached = replies.filter(([, answer]) => answer !== "no answer");
      expect(Object.fromEntries(reached)).toEqual(seen);
      // A packet that gets through is a leak even if its answer does not.
      const heard = (await lab.agents[server].callers()).slice(before);
      expect([...new Set(heard)].sort()).toEqual([...new Set(Object.values(seen))].sort());
    });

    test("a routed network replies to pings from anywhere, others to nobody outside", async () => {
      const { outside } = lab.agents;
      expect(await outside.ping("10.60.0.2")).toBe(true);
      for (const address of ["10.10.10.2", "10.40.0.2", "10.50.0.2"]) expect(await outside.ping(address)).toBe(false);
    });
  });
}
