import type { NatBackend } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import type { BackendSubject } from "./backend-subject.js";
import { expectCell } from "./expect-cell.js";
import {
  framesByLink,
  framesOfMembers,
  pingsByTrunk,
  type SpanStage,
  spoofedSources,
  throughBridge,
  translatedByOthers,
} from "./span-cases.js";
import { SpanLab } from "./span-lab.js";
import { type SpanCaller, type SpanTarget, spanCallers, spanIntents, spanTargets } from "./span-matrix.js";

/** Who reaches whom where a network has hosts beside this one, each cell by real packets, and what another host cannot send. */
export function backendSpan({ make, guards }: Pick<BackendSubject, "make" | "guards">): Chapter {
  let lab: SpanLab | undefined;
  let backend: NatBackend | undefined;
  const stage = (): SpanStage => {
    if (lab === undefined || backend === undefined) throw new Error("the lab of several hosts was not built");
    return { agents: lab.agents, backend };
  };
  const cell = (target: SpanTarget): Case => ({
    name: `${target.what} (${target.protocol} ${target.address} ${target.port})`,
    run: () => expectCell(stage().agents, Object.keys(spanCallers) as SpanCaller[], target),
  });
  return {
    title: "Networks that span hosts are kept as those of one host",
    open: async () => {
      lab = await SpanLab.build();
      backend = await make();
      await backend.ensure(spanIntents());
    },
    cases: [
      ...spanTargets.map(cell),
      ...[
        pingsByTrunk,
        framesOfMembers,
        framesByLink,
        spoofedSources,
        ...(guards ? [throughBridge, translatedByOthers] : []),
      ].map((caseOf) => caseOf(stage)),
    ],
    close: async () => {
      await backend?.purge();
      await lab?.tearDown();
    },
  };
}
