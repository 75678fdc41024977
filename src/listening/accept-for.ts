import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

/** Where clients come from. */
type Place = { readonly fd: number } | { readonly host: string; readonly port: number };

/**
 * Has another server accept the clients of an HTTP server, and returns what stops it. `onError` hears of each client that is not
 * accepted later. Throws what the kernel says of the place.
 */
export function acceptFor(
  server: HttpServer,
  accepting: Server,
  { onError, ...place }: Place & { readonly onError: (error: Error) => void },
): Promise<() => void> {
  accepting.maxConnections = server.maxConnections;
  return new Promise((resolve, reject) => {
    accepting.once("error", reject);
    accepting.listen(place, () => {
      accepting.off("error", reject).on("error", onError);
      resolve(() => accepting.close());
    });
  });
}
