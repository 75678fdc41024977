import type { Platform } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";
import { programPath } from "../programs/program-path.js";
import { lacksWireguard, missingFeatures } from "./missing-features.js";
import { tableStatistics } from "./table-statistics.js";

export const platform: Platform = {
  parameter: (key) => readIfPresent(`/proc/sys/${key}`)?.trim(),
  tableStatistics,
  lacksWireguard,
  missingFeatures,

  async requireProgram(name) {
    programPath(name);
  },
};
