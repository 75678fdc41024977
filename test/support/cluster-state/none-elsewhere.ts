import type { Elsewhere } from "../../../src/contracts/index.js";

/** Of a host whose networks are on no other, or that follows all they have. */
export const noneElsewhere: Elsewhere = { find: async () => ({ endpoints: [], total: 0 }) };
