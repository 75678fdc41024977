import type { Runtime } from "../../../src/contracts/index.js";
import type { FakeContainers } from "./fake-containers.js";
import type { Steps } from "./steps.js";

/** The containers of the machine as one process of tsd reaches them; each change is a step. */
export function fakeRuntime(containers: FakeContainers, steps: Steps): Runtime {
  return {
    name: "fake",
    choose: (wanted) => wanted ?? "fake",
    async create(spec) {
      await steps.act("create container");
      return containers.create(spec);
    },
    async attach({ id }, _streams, { signal } = {}) {
      await steps.act("attach to container");
      containers.require(id, "waiting", "running");
      const left = new Promise<"left">((leave) => signal?.addEventListener("abort", () => leave("left")));
      return {
        pump: () => Promise.race([left, containers.ended(id).then(() => "ended" as const)]),
        close: () => undefined,
      };
    },
    async start(id) {
      await steps.act("start container");
      containers.start(id);
    },
    async exec(id) {
      containers.require(id, "running");
      return 0;
    },
    async execDetached(id) {
      containers.require(id, "running");
    },
    usage: async () => ({ memoryLimit: 1, interfaces: [] }),
    top: async () => ({ titles: ["PID"], processes: [] }),
    async kill({ id }, signal) {
      await steps.act("signal container");
      containers.kill(id, signal);
      return 0;
    },
    resize: () => undefined,
    freeze: () => steps.act("freeze container"),
    thaw: () => steps.act("thaw container"),
    isFrozen: () => false,
    limit: () => steps.act("limit container"),
    exit: (id) => containers.exit(id),
    recordedExit: async (id) => containers.exit(id),
    attend: () => undefined,
    leave: () => undefined,
    async callExitCommand() {
      await steps.act("call exit command");
    },
    isSupervised: () => false,
    async remove({ id }) {
      await steps.act("remove container");
      containers.remove(id);
    },
    async *logs(id) {
      if (containers.logs.has(id)) yield { stream: "stdout", time: "2026-01-01T00:00:00.000000000Z", text: "hello\n" };
    },
    async forget(id) {
      await steps.act("remove logs");
      containers.forget(id);
    },
    describe: ({ verb }) => [verb],
    versions: async () => ({ fake: "1" }),
  };
}
