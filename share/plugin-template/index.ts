import type { Extension } from "@tsdnet/tsd/api";
import type { VerifyOptions } from "@tsdnet/tsd/testing";
import { driver } from "./driver.ts";

/** What tsd loads. `name` and the names of drivers are those of package.json. */
const extension: Extension = { name: "my-driver", apiVersion: 1, drivers: [driver] };

export default extension;

/** What `tsd plugin verify` is to expect: IPv4 alone, no way beyond the host, and a way between networks. */
export const verification: VerifyOptions = {
  networks: [
    { ipv6: false, reaches: { outside: false, networks: true } },
    { ipv6: false, internal: true },
  ],
};
