/** A process of its own for tests of several at once; the first argument says what it does to the store named next. */
import { writeSync } from "node:fs";
import { LeaseBook } from "../../../../src/ipam/lease-book.js";
import { openStore } from "../../../../src/store/open-store.js";
import { networkRow } from "./rows.js";

const [verb = "", path = "", ...args] = process.argv.slice(2);

try {
  const store = openStore(path, { tsdVersion: "0.1.0" });
  switch (verb) {
    case "open":
      break;
    case "lease": {
      const [name, cidr = "", count] = args;
      const ipam = new LeaseBook(store.leases);
      for (let at = 0; at < Number(count); at++) {
        const request = { networkId: "n1", cidr, holder: `${name}-${at}` };
        const address = store.transaction(() => ipam.requestAddress(request));
        // Every third goes back, so that the queue of returned ones is fought over too.
        if (at % 3 === 2) store.transaction(() => ipam.releaseAddresses(request.holder));
        else writeSync(1, `${address} ${request.holder}\n`);
      }
      break;
    }
    case "hang":
      store.transaction(() => {
        for (let at = 0; at < 500; at++) store.networks.insert(networkRow(`half${at}`, `half${at}`));
        writeSync(1, "inside\n");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
      });
  }
  store.close();
} catch (error) {
  writeSync(1, `${JSON.stringify({ ...(error as object), message: (error as Error).message })}\n`);
  process.exitCode = 1;
}
