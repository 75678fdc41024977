import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TsdError } from "../errors/tsd-error.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";

export interface Loopback {
  readonly host: "127.0.0.1" | "::1";
  /** 0 for any that is free. */
  readonly port: number;
}

/**
 * Has the server listen where programs of this machine can connect, those of other users too. Returns the port. Throws `conflict`
 * for one that is taken, and `unsupported` for a family that the host does not have.
 */
export async function listenOnLoopback(server: Server, { host, port }: Loopback): Promise<number> {
  const at = `${host === "::1" ? "[::1]" : host}:${port}`;
  await boundaryOperation({ into: "process", what: () => `listen on ${at}` }, () => {
    return new Promise<void>((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => reject(refused(at, error));
      server.once("error", onError);
      server.listen({ host, port }, () => {
        server.off("error", onError);
        resolve();
      });
    });
  });
  return (server.address() as AddressInfo).port;
}

function refused(at: string, error: NodeJS.ErrnoException): unknown {
  if (error.code === "EADDRINUSE") {
    return new TsdError({
      kind: "conflict",
      code: "TSD_PORT_SERVED",
      message: `another program listens on ${at} already`,
      hint: "ss -ltnp shows which one. Choose another port, or 0 for any that is free.",
      details: { at },
    });
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") {
    return new TsdError({
      kind: "unsupported",
      code: "TSD_LOOPBACK_ABSENT",
      message: `this host does not have the address of ${at}`,
      hint: "Bring lo up: ip link set lo up; or choose 127.0.0.1.",
      details: { at },
    });
  }
  return error;
}
