import { connect, type Socket } from "node:net";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { decode, encode, type Reply, type Request } from "./messages.js";
import { atSocket } from "./socket-path.js";

/** `absent`: nothing listens, or it ended before it replied. `silent`: it did not reply in time. */
export type Outcome = Reply | "absent" | "silent";

/** Asks the service that listens on the socket, and waits some milliseconds for its reply. */
export function ask(socket: string, request: Request, patience: number): Promise<Outcome> {
  const what = () => `${encode(request).trim()} to ${socket}`;
  const step = { into: "process", reads: request.verb === "list" || request.verb === "ask", what } as const;
  return boundaryOperation(step, () => exchange(socket, request, patience));
}

function exchange(socket: string, request: Request, patience: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let connection: Socket;
    try {
      connection = atSocket(socket, (address) => connect({ path: address }));
    } catch {
      // The directory is not there.
      resolve("absent");
      return;
    }
    let text = "";
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle("silent"), patience);
    connection.on("error", () => settle("absent"));
    connection.on("close", () => settle(decode<Reply>(text) ?? "absent"));
    connection.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    connection.write(encode(request));
  });
}
