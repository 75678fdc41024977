import type { ClusterState } from "../../../src/contracts/index.js";
import type { Steps } from "../engine/steps.js";

/** The state of a cluster as one process reaches it: each reading and each change is a step. */
export function steppedState(state: ClusterState, steps: Steps): ClusterState {
  return {
    place: state.place,
    async read(key) {
      await steps.act("ask the cluster");
      return state.read(key);
    },
    async commit(change) {
      await steps.act("change the cluster");
      return state.commit(change);
    },
    watch: (...asked) => state.watch(...asked),
    lease: (seconds) => state.lease(seconds),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
