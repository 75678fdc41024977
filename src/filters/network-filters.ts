import type { Network, Tsd } from "../api/index.js";
import { patternFilter, switchFilter, wordFilter } from "./filter-values.js";
import { type FilterKeys, labelKeys } from "./filters.js";

/** Networks that are there by themselves, as docker counts them. */
const builtin = ["bridge", "host", "none"];

/** What `tsd network ls --filter` takes. */
export const networkFilters: FilterKeys<Network, Pick<Tsd, "networks">> = {
  ...labelKeys(({ labels }) => labels),
  dangling: (value, { networks }) => {
    const wanted = switchFilter("dangling", value);
    return ({ id, name }) => (!builtin.includes(name) && networks.inspect(id).endpoints.length === 0) === wanted;
  },
  driver:
    (value) =>
    ({ driver }) =>
      driver === value,
  id: (value) => {
    const matches = patternFilter("id", value);
    return ({ id }) => matches(id);
  },
  name: (value) => {
    const matches = patternFilter("name", value);
    return ({ name }) => matches(name);
  },
  scope: (value) => {
    const wanted = wordFilter("scope", value, ["local", "global", "swarm"]);
    return ({ cluster }) => (cluster === undefined ? "local" : "global") === wanted;
  },
  type: (value) => {
    const wanted = wordFilter("type", value, ["builtin", "custom"]);
    return ({ name }) => builtin.includes(name) === (wanted === "builtin");
  },
};
