import type { Extension } from "@tsdnet/tsd/api";
import { driver } from "./driver.ts";

/** What tsd loads. `name` and the names of drivers are those of package.json. */
const extension: Extension = { name: "my-driver", apiVersion: 1, drivers: [driver] };

export default extension;
