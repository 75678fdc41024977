import type { CaptureOptions, SendSignal } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { foreignNamespace } from "../requests/foreign-namespace.js";
import { asSeen } from "../rows/active-container.js";

type CaptureParts = Pick<Parts, "store" | "host" | "processes">;

/** Milliseconds between two looks whether the container still runs. */
const interval = 250;

/** Where packets are captured. */
interface Place {
  /** Absent for the host's. */
  readonly netns?: string;
  readonly isThere: () => boolean;
}

/** See {@link System.capture}. */
export async function capturePackets(parts: CaptureParts, target: string, options: CaptureOptions): Promise<number> {
  const { network, args = [], streams, onStart } = options;
  const { netns, isThere } = placeOf(parts, target);
  const link = linkOn(parts, { target, netns, network });
  let watch: ReturnType<typeof setInterval> | undefined;
  const begin = (send: SendSignal): void => {
    // A program that listens keeps a namespace alive whose container is gone.
    watch = setInterval(() => {
      if (!isThere()) send("SIGINT");
    }, interval);
    onStart?.(send);
  };
  try {
    const host = await parts.host();
    return await host.capture({ ...(netns === undefined ? {} : { netns }), link, args, streams, onStart: begin });
  } finally {
    clearInterval(watch);
  }
}

function placeOf({ store, processes }: CaptureParts, target: string): Place {
  const foreign = foreignNamespace(target);
  if (foreign !== undefined) return { netns: foreign, isThere: () => true };
  const { id, container } = store.containers.resolve(target);
  const isThere = (): boolean => {
    const row = store.containers.get(id);
    return row !== undefined && asSeen(processes, row).status === "running";
  };
  const { netns } = container.sandbox ?? {};
  if (isThere()) return { ...(netns === undefined ? {} : { netns }), isThere };
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NOT_RUNNING",
    message: `container "${container.name}" does not run, so it has no packets`,
    hint: `Start it: tsd start ${container.name}`,
    details: { container: container.name },
  });
}

interface Wanted {
  readonly target: string;
  readonly netns: string | undefined;
  readonly network: string | undefined;
}

/** The interface on that network; without one the only interface, or all of them. */
function linkOn({ store }: CaptureParts, { target, netns, network }: Wanted): string {
  const own = store.endpoints.list().filter(({ endpoint }) => endpoint.netns === netns);
  if (network === undefined) {
    const [only, ...others] = own;
    return only === undefined || others.length > 0 ? "any" : only.endpoint.interface;
  }
  const { id, network: wanted } = store.networks.resolve(network);
  const there = own.find(({ endpoint }) => endpoint.networkId === id);
  if (there !== undefined) return there.endpoint.interface;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_NOT_CONNECTED",
    message: `"${target}" is not on network "${wanted.name}"`,
    hint: "tsd map shows who is on which network.",
    details: { target, network: wanted.name },
  });
}
