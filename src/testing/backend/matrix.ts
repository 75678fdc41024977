import type { NatBackend } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import { expectSame } from "../expectations.js";
import type { BackendSubject } from "./backend-subject.js";
import { expectCell } from "./expect-cell.js";
import { MatrixLab, matrixIntents } from "./matrix-lab.js";
import { type Caller, callers, type Target, targets } from "./traffic-matrix.js";

/** Who reaches whom under a backend, each cell of docs/TRAFFIC.md by real packets. It begins on a bare host. */
export function backendMatrix({ make }: Pick<BackendSubject, "make">): Chapter {
  let lab: MatrixLab | undefined;
  let backend: NatBackend | undefined;
  const agents = (): MatrixLab["agents"] => {
    if (lab === undefined) throw new Error("the lab of the matrix was not built");
    return lab.agents;
  };
  const cell = (target: Target): Case => ({
    name: `${target.what} (${target.protocol} ${target.address} ${target.port})`,
    run: () => expectCell(agents(), Object.keys(callers) as Caller[], target),
  });
  const pings: Case = {
    name: "a routed network replies to pings from anywhere, others to nobody outside",
    run: async () => {
      const { outside } = agents();
      expectSame("a ping of 10.60.0.2 gets a reply", await outside.ping("10.60.0.2"), true);
      for (const address of ["10.10.10.2", "10.40.0.2", "10.50.0.2"]) {
        expectSame(`a ping of ${address} gets a reply`, await outside.ping(address), false);
      }
    },
  };
  return {
    title: "Packets go as the traffic matrix says",
    open: async () => {
      lab = await MatrixLab.build();
      backend = await make();
      await backend.ensure(matrixIntents());
    },
    cases: [...targets.map(cell), pings],
    close: async () => {
      await backend?.purge();
      await lab?.tearDown();
    },
  };
}
