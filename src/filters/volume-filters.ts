import type { VolumeDetails } from "../api/index.js";
import { patternFilter, switchFilter } from "./filter-values.js";
import { type FilterKeys, labelKeys } from "./filters.js";

/** What `tsd volume ls --filter` takes. */
export const volumeFilters: FilterKeys<VolumeDetails> = {
  ...labelKeys(({ volume }) => volume.labels),
  dangling: (value) => {
    const wanted = switchFilter("dangling", value);
    return ({ users }) => (users.length === 0) === wanted;
  },
  driver:
    (value) =>
    ({ volume }) =>
      volume.driver === value,
  name: (value) => {
    const matches = patternFilter("name", value);
    return ({ volume }) => matches(volume.name);
  },
};
