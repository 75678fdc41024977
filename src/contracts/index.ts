/** What only tsd's own rooms share; third parties get `src/api`. */
export type * from "./address-book.js";
export type * from "./container-outline.js";
export type * from "./container-requests.js";
export type * from "./host/host.js";
export type * from "./host/links.js";
export type * from "./host/packet-filters.js";
export type * from "./host/platform.js";
export type * from "./host/resolver.js";
export type * from "./host/routing.js";
export type * from "./host/sockets.js";
export type * from "./ipam-debts.js";
export type * from "./leases.js";
export type * from "./names.js";
export type * from "./processes.js";
export type * from "./rows.js";
export type * from "./runtime.js";
export type * from "./store.js";
